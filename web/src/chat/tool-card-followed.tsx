// A call that waited for a person when its message was kept: the card follows its execution, asks what is
// asked, and becomes the result, on whichever device and however much later that is.
import { type ReactNode, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { type Followed, isRunning, isWaiting } from '@/lib/followed.ts'
import { administers } from '@/lib/roles.ts'
import { useWaiting, type Waiting } from '@/lib/use-waiting.ts'
import { useTeam } from '@/session/team.tsx'
import { KeepFocus } from '@/ui/waiting/keep-focus.tsx'
import { WaitingQuestion } from '@/ui/waiting/waiting-question.tsx'
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
  const servers = useQuery(toolsQuery(team_id)).data?.urls
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
        of: null,
        proposed: true,
      }}
      serverUrl={servers?.get(serverId) ?? null}
      admin={administers(role)}
      heading='h3'
    />
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
