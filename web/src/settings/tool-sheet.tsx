// Every rule of one tool, with what each one means. Admins change them, and each change counts at once.
import { useId } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { Account } from '@shared/execution.ts'
import type { Policy } from '@shared/tool.ts'
import { analyses } from '@/lib/roles.ts'
import { toolTitle } from '@/lib/tool-title.ts'
import { useTeam } from '@/session/team.tsx'
import { Sheet } from '@/ui/sheet.tsx'
import { PolicyHistory } from './policy-history.tsx'
import { RulesInWords } from './rules-in-words.tsx'
import { TakeBack } from './standing-approvals.tsx'
import { SwitchLine } from './switch-line.tsx'
import { ToolCalls } from './tool-calls.tsx'
import { standingApprovalsQuery, type ToolRow } from './tool-queries.ts'
import {
  claims,
  claimWords,
  policyOrder,
  policySentences,
  policyWords,
  sendsOutSentence,
  standingWords,
} from './tool-rules.ts'
import type { Judge } from './use-save-tools.ts'

type Props = {
  tool: ToolRow
  admin: boolean
  account: Account | null
  window_seconds: number | null
  judge: Judge
  onClose: () => void
}

export function ToolSheet({ tool, admin, account, window_seconds, judge, onClose }: Props) {
  const { role } = useTeam()
  const said = claims(tool.annotations)
  return (
    <Sheet
      open
      title={`Rules of ${toolTitle(tool)}`}
      onOpenChange={(open) => open || onClose()}
    >
      <div
        tabIndex={0}
        role='group'
        aria-label='Rules'
        className='flex flex-col gap-6 px-4 pt-1 pb-8 -outline-offset-2'
      >
        <p className='-mb-3 text-sm text-muted'>
          {admin ? 'Each change counts at once, for the whole team.' : 'Set by your team’s admins.'}
        </p>
        {admin && <PolicyChoice tool={tool} judge={judge} />}
        {admin && (
          <div className='-mt-2 rounded-card border border-line bg-raised px-3 py-2'>
            <SwitchLine
              label='It can send data out'
              checked={tool.sends_out}
              onChange={(sends_out) => judge.save({ tools: [tool], changes: { sends_out } })}
            >
              {sendsOutSentence}{' '}
              Off only where nothing that is given to it can leave the team. A changed description
              switches it on again.
            </SwitchLine>
          </div>
        )}
        {!admin && <RulesInWords tool={tool} account={account} window_seconds={window_seconds} />}
        <MyStanding tool={tool} />
        {admin && said.length > 0 && (
          <p className='-mt-2 rounded-control bg-surface px-3 py-2 text-sm text-muted'>
            The server says it{' '}
            {claimWords(said)}. That is its own claim, and nothing follows from it.
          </p>
        )}
        {admin && (
          <ToolCalls
            tool={tool}
            account={account}
            window_seconds={window_seconds}
            onSave={(changes) => judge.save({ tools: [tool], changes })}
          />
        )}
        {analyses(role) && <PolicyHistory tool={tool} />}
      </div>
    </Sheet>
  )
}

/** The reader's own “always”, where they gave one. */
function MyStanding({ tool }: { tool: ToolRow }) {
  const { team_id } = useTeam()
  const given = useQuery(standingApprovalsQuery(team_id)).data
  const mine = given?.find(({ tool_id }) => tool_id === tool.id)
  if (!mine) return null
  return (
    <div className='-mt-2 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-accent-soft px-3 py-2 text-sm'>
      <p className='grow basis-40'>
        {standingWords(mine.tool) ?? 'You chose “always for me”: it runs without asking you.'}
      </p>
      <TakeBack tool_id={tool.id} name={toolTitle(tool)} />
    </div>
  )
}

type ChoiceProps = { tool: ToolRow; judge: Judge }

function PolicyChoice({ tool, judge }: ChoiceProps) {
  const name = useId()
  const always = (allows_always: boolean) =>
    judge.rule({ tools: [tool], rule: { policy: 'ask', allows_always } })
  return (
    <fieldset className='min-w-0 rounded-card border border-line bg-raised'>
      <legend className='sr-only'>Rule</legend>
      {policyOrder.map((policy) => (
        <div key={policy} className='border-b border-line last:border-0'>
          <PolicyOption
            name={name}
            policy={policy}
            checked={tool.policy === policy}
            onChoose={() => judge.rule({ tools: [tool], rule: { policy } })}
          />
          {policy === 'ask' && tool.policy === 'ask' && (
            <div className='-mt-1 pr-3 pb-3 pl-11'>
              <SwitchLine
                label='People may choose “always for me”'
                checked={tool.allows_always}
                onChange={always}
              >
                Who does is not asked again for this tool, until its description changes or they
                take it back.
              </SwitchLine>
            </div>
          )}
        </div>
      ))}
    </fieldset>
  )
}

type OptionProps = {
  name: string
  policy: Policy
  checked: boolean
  onChoose: () => void
}

function PolicyOption({ name, policy, checked, onChoose }: OptionProps) {
  return (
    <label className='grid min-h-11 cursor-pointer grid-cols-[auto_minmax(0,1fr)] gap-x-3 px-3 py-2.5 text-sm'>
      <input
        type='radio'
        name={name}
        className='mt-0.5 size-5 shrink-0 text-base accent-accent'
        checked={checked}
        onChange={onChoose}
      />
      <span className='self-center font-medium'>{policyWords[policy]}</span>
      <span className='col-start-2 text-muted'>{policySentences[policy]}</span>
    </label>
  )
}
