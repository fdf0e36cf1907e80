// One tool in a server's list: what it does, and the team's rules for it.
import { Play, UserRound, Users } from 'lucide-react'
import type { Account } from '@shared/execution.ts'
import type { Policy } from '@shared/tool.ts'
import { formatDuration } from '@/lib/format.ts'
import { toolTitle } from '@/lib/tool-title.ts'
import { Button } from '@/ui/button.tsx'
import { Select } from '@/ui/input.tsx'
import { Status } from '@/ui/status.tsx'
import { Switch } from '@/ui/switch.tsx'
import type { ToolChanges, ToolRow } from './queries.ts'
import { ToolAccount } from './tool-account.tsx'
import {
  claims,
  claimWords,
  policySentences,
  policyVerbs,
  policyWords,
  timeouts,
  toolAccountSentences,
} from './tool-rules.ts'

type Props = {
  tool: ToolRow
  admin: boolean
  /** Whose account its server uses; null where that makes no difference. */
  account: Account | null
  /** The server itself is in use. */
  usable: boolean
  onSave: (changes: ToolChanges) => void
  onTry: () => void
}

export function ToolItem({ tool, admin, account, usable, onSave, onTry }: Props) {
  const name = toolTitle(tool)
  const runs = usable && tool.is_enabled && tool.policy !== 'deny'
  return (
    <li className='grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 border-b border-line px-4 py-4 last:border-0 lg:grid-cols-[minmax(0,1fr)_auto_auto]'>
      <div>
        <h3 className='text-base font-medium'>{name}</h3>
        <p className='font-mono text-xs text-muted'>{tool.tool_name}</p>
      </div>
      <div className='flex items-center gap-1 lg:col-start-3 lg:row-span-2 lg:row-start-1'>
        {admin && account && (
          <ToolAccount tool={tool} name={name} account={account} onSave={onSave} />
        )}
        <Button
          icon={<Play aria-hidden />}
          disabled={!runs}
          onClick={onTry}
          aria-label={`Try ${name}`}
        >
          Try
        </Button>
      </div>
      <About tool={tool} />
      <div className='col-span-2 mt-3 flex flex-wrap items-center gap-2 lg:col-span-1 lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:mt-0'>
        {admin
          ? <Rules tool={tool} name={name} onSave={onSave} />
          : <RulesInWords tool={tool} account={account} />}
      </div>
    </li>
  )
}

/** What it does, what its server claims of it, and where it differs from its server. */
function About({ tool }: { tool: ToolRow }) {
  const said = claims(tool.annotations)
  return (
    <div className='col-span-2 lg:col-span-1 lg:col-start-1 lg:row-start-2'>
      {tool.description && (
        <p className='mt-1.5 line-clamp-3 text-sm whitespace-pre-line'>{tool.description}</p>
      )}
      {said.length > 0 && (
        <p className='mt-1 text-xs text-muted'>The server says it {claimWords(said)}.</p>
      )}
      {tool.account && (
        <p className='mt-1 flex items-center gap-1.5 text-xs font-medium'>
          {tool.account === 'team'
            ? <Users aria-hidden className='size-3.5 shrink-0' />
            : <UserRound aria-hidden className='size-3.5 shrink-0' />}
          {toolAccountSentences[tool.account]}
        </p>
      )}
    </div>
  )
}

type WordsProps = { tool: ToolRow; account: Account | null }

function RulesInWords({ tool, account }: WordsProps) {
  if (!tool.is_enabled) return <Status tone='muted'>Switched off</Status>
  return (
    <span className='text-sm text-muted lg:leading-9' title={policySentences[tool.policy]}>
      {policyVerbs[tool.policy]}
      {(tool.account ?? account) === 'person' && ', as you'}
    </span>
  )
}

type RulesProps = { tool: ToolRow; name: string; onSave: (changes: ToolChanges) => void }

function Rules({ tool, name, onSave }: RulesProps) {
  return (
    <>
      <Switch
        className='mr-2'
        aria-label={`${name} is on`}
        checked={tool.is_enabled}
        onCheckedChange={(is_enabled) => onSave({ is_enabled })}
      />
      <Select
        aria-label={`Rule for ${name}`}
        className='w-34 grow lg:grow-0'
        title={policySentences[tool.policy]}
        value={tool.policy}
        onChange={(event) => onSave({ policy: event.target.value as Policy })}
      >
        {(['allow', 'ask', 'deny'] as const).map((policy) => (
          <option key={policy} value={policy}>{policyWords[policy]}</option>
        ))}
      </Select>
      <Select
        aria-label={`Longest wait for ${name}`}
        className='w-28 grow lg:grow-0'
        title='Longest wait for an answer'
        value={tool.timeout_seconds}
        onChange={(event) => onSave({ timeout_seconds: Number(event.target.value) })}
      >
        {timeouts(tool.timeout_seconds).map((seconds) => (
          <option key={seconds} value={seconds}>{formatDuration(seconds * 1_000)}</option>
        ))}
      </Select>
    </>
  )
}
