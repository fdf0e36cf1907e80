// An execution that has not ended: whoever can end its wait does so here, its own person may cancel it, and
// others see how far it is or whom it waits for.
import { useState } from 'react'
import { Hourglass, Square } from 'lucide-react'
import type { Progress } from '@shared/execution.ts'
import { fromExecution, isWaiting, waitsForMe } from '@/lib/followed.ts'
import { nameOf } from '@/lib/person-name.ts'
import { administers } from '@/lib/roles.ts'
import { useWaiting } from '@/lib/use-waiting.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { Elapsed } from '@/ui/elapsed.tsx'
import { FormError } from '@/ui/field.tsx'
import { ProgressBar } from '@/ui/progress-bar.tsx'
import { Status } from '@/ui/status.tsx'
import { WaitingQuestion } from '@/ui/waiting/waiting-question.tsx'
import { isOpen, statusWords } from './execution-words.ts'
import { type ExecutionRow, toolNameOf } from './queries.ts'

type Props = {
  execution: ExecutionRow
  /** Its place among the page’s headings. */
  heading: 'h2' | 'h3'
}

export function UnderWay({ execution, heading }: Props) {
  const { id: user_id } = useSession()
  const admin = administers(useTeam().role)
  if (!isOpen(execution.status)) return null
  const mine = execution.user_id === user_id
  if (mine || waitsForMe(execution, { user_id, admin })) {
    return <Answerable execution={execution} heading={heading} />
  }
  return isWaiting(execution.status)
    ? <WaitsForOthers execution={execution} />
    : <RunningNow {...execution} since={execution.started_at} name={toolNameOf(execution)} />
}

function Answerable({ execution, heading }: Props) {
  const { team_id, role } = useTeam()
  const { id: user_id } = useSession()
  const { id: execution_id, server_id, mcp_servers: server } = execution
  const waiting = useWaiting({ team_id, execution_id, server_id }, fromExecution(execution))
  const { followed, cancel } = waiting
  const [waited] = useState(isWaiting(execution.status))
  const mine = execution.user_id === user_id
  if (followed && isWaiting(followed.status)) {
    return (
      <WaitingQuestion
        followed={followed}
        waiting={waiting}
        call={{
          tool: toolNameOf(execution),
          server: server?.name ?? 'its server',
          parameters: followed.parameters ?? execution.input_parameters,
          schema: execution.mcp_tools?.input_schema ?? null,
          of: mine ? null : nameOf(execution.profiles),
          proposed: execution.origin === 'chat',
        }}
        serverUrl={typeof server?.config.url === 'string' ? server.config.url : null}
        admin={administers(role)}
        heading={heading}
      />
    )
  }
  return (
    <RunningNow
      progress={followed?.progress ?? execution.progress}
      // A call that waited began long before it ran.
      since={waited ? null : execution.started_at}
      name={toolNameOf(execution)}
      cancel={mine ? cancel : undefined}
    />
  )
}

type RunningProps = {
  progress: Progress | null
  /** Null: since now. */
  since: string | null
  name: string
  /** Left out where the call is someone else’s. */
  cancel?: { mutate: () => void; isPending: boolean; error: Error | null }
}

function RunningNow({ progress, since, name, cancel }: RunningProps) {
  const [seen] = useState(() => new Date().toISOString())
  return (
    <div className='px-4 py-2.5'>
      <div className='flex min-h-control flex-wrap items-center gap-x-3 gap-y-1'>
        <Status tone='busy' className='min-w-0 whitespace-normal'>
          {progress?.message ?? 'Under way'}
        </Status>
        <Elapsed since={since ?? seen} />
        {cancel && (
          <Button
            icon={<Square aria-hidden className='!size-3.5' />}
            busy={cancel.isPending}
            onClick={() => cancel.mutate()}
            className='ml-auto'
          >
            Cancel this call
          </Button>
        )}
      </div>
      {progress && <ProgressBar label={name} progress={progress.progress} total={progress.total} />}
      {cancel?.error && <FormError>{cancel.error.message}</FormError>}
    </div>
  )
}

function WaitsForOthers({ execution: { status, asked, profiles } }: { execution: ExecutionRow }) {
  return (
    <p className='flex items-start gap-2 rounded-[inherit] bg-warn-soft px-4 py-3 text-sm'>
      <Hourglass aria-hidden className='mt-0.5 size-4 shrink-0 text-warn' />
      <span>{statusWords[status].sentence} {whoCan(asked, nameOf(profiles))}</span>
    </p>
  )
}

function whoCan(asked: ExecutionRow['asked'], name: string): string {
  if (asked && 'needs' in asked && asked.needs === 'admin') return 'Any admin can.'
  if (asked && 'account' in asked && asked.account === 'team') {
    return 'Any admin can, in the server’s settings.'
  }
  return `Only ${name} can do that.`
}
