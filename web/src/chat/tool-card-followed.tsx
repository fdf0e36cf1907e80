// A call that waited for a person when its message was kept: the card follows its execution, asks what is
// asked, and becomes the result, on whichever device and however much later that is.
import { type ReactNode, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Hourglass } from 'lucide-react'
import { asksApproval, type Followed, isRunning, isWaiting, waitsForMe } from '@/lib/followed.ts'
import { administers } from '@/lib/roles.ts'
import { useWaiting, type Waiting } from '@/lib/use-waiting.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { KeepFocus } from '@/ui/waiting/keep-focus.tsx'
import { WaitingQuestion } from '@/ui/waiting/waiting-question.tsx'
import { CallName } from './call-name.tsx'
import { useAsker } from './chat-people.tsx'
import { FromItsBeginning } from './from-its-beginning.tsx'
import { toolsQuery } from './queries.ts'
import { type CallState, endedState, type ToolCall } from './tool-call.ts'
import { RecordLink } from './record-link.tsx'
import { CancelButton, RunningCard, UnderWay } from './tool-card-running.tsx'

type Props = {
  call: ToolCall
  state: Extract<CallState, { kind: 'waiting' }>
  /** Belongs to the newest message. */
  current: boolean
  /** Draws a call that has ended. */
  quiet: (call: ToolCall) => ReactNode
}

export function FollowedCard({ call: stored, state, current, quiet }: Props) {
  const { team_id } = useTeam()
  const { executionId, serverId, first } = state
  const of = { team_id, execution_id: executionId, server_id: serverId }
  const waiting = useWaiting(of, first)
  const { followed = first, gone } = waiting
  if (gone) return quiet({ ...stored, state: { kind: 'stopped', executionId: null } })
  // Whoever approved it may have changed what is sent.
  const call = { ...stored, input: followed.parameters ?? stored.input }
  return (
    <KeepFocus shows={followed.status}>
      {isWaiting(followed.status)
        ? (
          <FromItsBeginning active={current}>
            {/* One edge from the question to the link below it. */}
            <div className='rounded-[inherit] [&>section]:rounded-b-none'>
              <Question call={call} serverId={serverId} followed={followed} waiting={waiting} />
            </div>
            <div className='rounded-b-card border-l-[3px] border-accent px-4 pb-2'>
              <RecordLink executionId={executionId} />
            </div>
          </FromItsBeginning>
        )
        : isRunning(followed.status)
        ? <Running call={call} state={state} followed={followed} waiting={waiting} />
        : quiet({ ...call, state: endedState(executionId, followed) })}
    </KeepFocus>
  )
}

type PartProps = { call: ToolCall; followed: Followed; waiting: Waiting }

function Question({ call, serverId, followed, waiting }: PartProps & { serverId: string }) {
  const { team_id, role } = useTeam()
  const { id: me } = useSession()
  const asker = useAsker()
  const admin = administers(role)
  const servers = useQuery(toolsQuery(team_id)).data?.urls
  const of = { asked: followed.asked, user_id: asker === null ? me : null }
  if (asker !== null && !waitsForMe(of, { user_id: me, admin })) {
    return <WaitsForOther call={call} asker={asker} followed={followed} />
  }
  return (
    <WaitingQuestion
      followed={followed}
      waiting={waiting}
      about={`for ${call.title}`}
      call={{
        tool: call.title,
        server: call.serverName ?? 'the server',
        parameters: call.input,
        schema: call.schema,
        of: asker,
        proposed: true,
      }}
      serverUrl={servers?.get(serverId) ?? null}
      admin={admin}
      heading='h3'
    />
  )
}

/** Someone else’s question: seen by everyone in the chat, answered by them alone. */
function WaitsForOther(
  { call, asker, followed }: { call: ToolCall; asker: string; followed: Followed },
) {
  const byAdmin = asksApproval(followed.asked) && followed.asked.needs === 'admin'
  return (
    <p className='flex min-h-control items-center gap-2 px-3 py-1.5 text-sm'>
      <Hourglass aria-hidden className='size-4 shrink-0 text-warn' />
      <span>
        <CallName call={call} />
        <span className='text-muted'>{` · Waiting for ${byAdmin ? 'an admin' : asker}`}</span>
      </span>
    </p>
  )
}

function Running({ call, state, followed, waiting }: PartProps & Pick<Props, 'state'>) {
  // A call that waited began long before it ran.
  const [seen] = useState(() => new Date().toISOString())
  const { executionId, first } = state
  const startedAt = isWaiting(first.status) ? seen : followed.started_at
  const running = { kind: 'running', startedAt, progress: followed.progress, executionId } as const
  const shown = { ...call, state: running }
  // Someone has just answered, and looks at what comes of it.
  if (isWaiting(first.status)) {
    return <RunningCard call={shown} onStop={() => waiting.cancel.mutate()} />
  }
  return (
    <UnderWay
      call={shown}
      note='Running in the background'
      cancel={<CancelButton executionId={executionId} onStop={() => {}} />}
      foot={<RecordLink executionId={executionId} short />}
    />
  )
}
