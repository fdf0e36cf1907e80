// An execution that has not ended: its own person answers, signs in or cancels here; others see whom it waits for.
import { Hourglass, Square } from 'lucide-react'
import { fromExecution, isWaiting } from '@/lib/followed.ts'
import { administers } from '@/lib/roles.ts'
import { useWaiting } from '@/lib/use-waiting.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { FormError } from '@/ui/field.tsx'
import { WaitingQuestion } from '@/ui/waiting/waiting-question.tsx'
import { isOpen, statusWords } from './execution-words.ts'
import { type ExecutionRow, nameOf } from './queries.ts'

export function UnderWay({ execution }: { execution: ExecutionRow }) {
  const mine = execution.user_id === useSession().id
  if (!isOpen(execution.status)) return null
  return mine ? <Mine execution={execution} /> : <Theirs execution={execution} />
}

function Mine({ execution }: { execution: ExecutionRow }) {
  const { team_id, role } = useTeam()
  const { id: execution_id, server_id, mcp_servers: server } = execution
  const waiting = useWaiting({ team_id, execution_id, server_id }, fromExecution(execution))
  const { followed, cancel } = waiting
  if (followed && isWaiting(followed.status)) {
    return (
      <div className='mb-6 max-w-3xl rounded-card border border-line bg-raised'>
        <WaitingQuestion
          followed={followed}
          waiting={waiting}
          serverName={server?.name ?? 'its server'}
          serverUrl={typeof server?.config.url === 'string' ? server.config.url : null}
          admin={administers(role)}
          heading='h2'
        />
      </div>
    )
  }
  return (
    <div className='mb-6 flex flex-col items-start gap-2'>
      <Button
        icon={<Square aria-hidden className='!size-3.5' />}
        busy={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        Cancel this call
      </Button>
      {cancel.error && <FormError>{cancel.error.message}</FormError>}
    </div>
  )
}

function Theirs({ execution }: { execution: ExecutionRow }) {
  if (!isWaiting(execution.status)) return null
  const { sentence } = statusWords[execution.status]
  const forTeam = execution.asked !== null && 'account' in execution.asked &&
    execution.asked.account === 'team'
  return (
    <p className='mb-6 flex items-start gap-2 rounded-control bg-warn-soft px-4 py-3 text-sm'>
      <Hourglass aria-hidden className='mt-0.5 size-4 shrink-0 text-warn' />
      <span>
        {sentence} {forTeam
          ? 'Any admin can, in the server’s settings.'
          : `Only ${nameOf(execution.profiles)} can do that.`}
      </span>
    </p>
  )
}
