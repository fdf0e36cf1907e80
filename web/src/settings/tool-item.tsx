// One tool in a server's list: what it does, and the team's rule for it. The rest of its rules are behind a button.
import type { ReactNode } from 'react'
import { Play, SlidersHorizontal, UserRound, Users } from 'lucide-react'
import type { Account } from '@shared/execution.ts'
import type { Policy } from '@shared/tool.ts'
import { cx } from '@/lib/classes.ts'
import { toolTitle } from '@/lib/tool-title.ts'
import { Button } from '@/ui/button.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Select } from '@/ui/input.tsx'
import { Status } from '@/ui/status.tsx'
import { Switch } from '@/ui/switch.tsx'
import type { ToolRow } from './tool-queries.ts'
import {
  claims,
  claimWords,
  exceptions,
  policyOrder,
  policySentences,
  policyVerbs,
  policyWords,
  toolAccountSentences,
} from './tool-rules.ts'
import type { Judge } from './use-save-tools.ts'

type Props = {
  tool: ToolRow
  admin: boolean
  /** Whose account its server uses; null where that makes no difference. */
  account: Account | null
  /** The server itself is in use. */
  usable: boolean
  /** How long one window of the team's limits lasts; null while that is read. */
  window_seconds: number | null
  judge: Judge
  chosen: boolean
  onChoose: () => void
  onOpen: () => void
  onTry: () => void
}

export function ToolItem(props: Props) {
  const { tool, admin, account, usable, chosen, onOpen, onTry } = props
  const name = toolTitle(tool)
  const runs = usable && tool.is_enabled && tool.policy !== 'deny'
  return (
    <li
      className={cx(
        'flex items-start border-b border-line py-4 pr-4 last:rounded-b-card last:border-0',
        admin ? 'pl-0' : 'pl-4',
        chosen && 'bg-accent-soft',
      )}
    >
      {admin && <ChooseBox name={name} chosen={chosen} onChoose={props.onChoose} />}
      <div className='grid min-w-0 grow grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 lg:grid-cols-[minmax(0,1fr)_auto_auto]'>
        <div>
          <h3 className='text-base font-medium'>{name}</h3>
          <p className='font-mono text-xs text-muted'>{tool.tool_name}</p>
        </div>
        <div className='lg:col-start-3 lg:row-span-2 lg:row-start-1'>
          <Button
            icon={<Play aria-hidden />}
            disabled={!runs}
            onClick={onTry}
            aria-label={`Try ${name}`}
          >
            Try
          </Button>
        </div>
        <About tool={tool} window_seconds={props.window_seconds} />
        <div className='col-span-2 mt-3 flex items-center gap-2 lg:col-span-1 lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:mt-0'>
          {admin
            ? <Rule tool={tool} name={name} judge={props.judge} />
            : <RuleInWords tool={tool} account={account} />}
          <IconButton
            label={`Rules of ${name}`}
            icon={<SlidersHorizontal aria-hidden />}
            aria-haspopup='dialog'
            onClick={onOpen}
          />
        </div>
      </div>
    </li>
  )
}

type ChooseProps = { name: string; chosen: boolean; onChoose: () => void }

function ChooseBox({ name, chosen, onChoose }: ChooseProps) {
  return (
    <label className='-my-2.5 flex size-12 shrink-0 items-center justify-center self-start pl-1'>
      <input
        type='checkbox'
        aria-label={`Choose ${name}`}
        className='size-5 shrink-0 text-base accent-accent'
        checked={chosen}
        onChange={onChoose}
      />
    </label>
  )
}

/** What it does, what its server claims of it, and where its rules differ from those of a new tool. */
function About({ tool, window_seconds }: { tool: ToolRow; window_seconds: number | null }) {
  const said = claims(tool.annotations)
  const rules = exceptions(tool, window_seconds)
  return (
    <div className='col-span-2 lg:col-span-1 lg:col-start-1 lg:row-start-2'>
      {tool.description && (
        <p className='mt-1.5 line-clamp-3 text-sm whitespace-pre-line'>{tool.description}</p>
      )}
      {said.length > 0 && (
        <p className='mt-1 text-xs text-muted'>The server says it {claimWords(said)}.</p>
      )}
      {rules.length > 0 && <Line icon={<SlidersHorizontal aria-hidden />}>{sentence(rules)}</Line>}
      {tool.account && (
        <Line icon={tool.account === 'team' ? <Users aria-hidden /> : <UserRound aria-hidden />}>
          {toolAccountSentences[tool.account]}
        </Line>
      )}
    </div>
  )
}

function sentence(rules: string[]): string {
  const text = rules.join(', ')
  return text[0]!.toUpperCase() + text.slice(1)
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <p className='mt-1 flex gap-1.5 text-xs font-medium [&_svg]:mt-px [&_svg]:size-3.5 [&_svg]:shrink-0'>
      {icon}
      {children}
    </p>
  )
}

type WordsProps = { tool: ToolRow; account: Account | null }

function RuleInWords({ tool, account }: WordsProps) {
  if (!tool.is_enabled) return <Status tone='muted' className='grow'>Switched off</Status>
  return (
    <span className='grow text-sm text-muted' title={policySentences[tool.policy]}>
      {policyVerbs[tool.policy]}
      {(tool.account ?? account) === 'person' && ', as you'}
    </span>
  )
}

type RuleProps = { tool: ToolRow; name: string; judge: Judge }

function Rule({ tool, name, judge }: RuleProps) {
  return (
    <>
      <Switch
        className='mr-2'
        aria-label={`${name} is on`}
        checked={tool.is_enabled}
        onCheckedChange={(is_enabled) => judge.save({ tools: [tool], changes: { is_enabled } })}
      />
      <Select
        aria-label={`Rule for ${name}`}
        className='min-w-0 grow lg:w-40 lg:grow-0'
        title={policySentences[tool.policy]}
        value={tool.policy}
        onChange={(event) =>
          judge.rule({ tools: [tool], rule: { policy: event.target.value as Policy } })}
      >
        {policyOrder.map((policy) => (
          <option key={policy} value={policy}>{policyWords[policy]}</option>
        ))}
      </Select>
    </>
  )
}
