// A call that waited for a person when its message was kept: the card follows its execution, asks what is
// asked, and becomes the result, on whichever device and however much later that is.
import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { isRunning, isWaiting } from '@/lib/followed.ts'
import { administers } from '@/lib/roles.ts'
import { useWaiting } from '@/lib/use-waiting.ts'
import { useTeam } from '@/session/team.tsx'
import { WaitingQuestion } from '@/ui/waiting/waiting-question.tsx'
import { FromItsBeginning } from './from-its-beginning.tsx'
import { toolsQuery } from './queries.ts'
import { type CallState, endedState, type ToolCall } from './tool-call.ts'
import { RunningCard } from './tool-card-running.tsx'

type Props = {
  call: ToolCall
  state: Extract<CallState, { kind: 'waiting' }>
  /** Belongs to the newest message. */
  current: boolean
  /** Draws a call that has ended. */
  quiet: (call: ToolCall) => ReactNode
}

export function FollowedCard({ call, state, current, quiet }: Props) {
  const { team_id, role } = useTeam()
  const { executionId, serverId, first } = state
  const of = { team_id, execution_id: executionId, server_id: serverId }
  const waiting = useWaiting(of, first)
  const servers = useQuery(toolsQuery(team_id)).data?.urls
  const { followed = first, gone, cancel } = waiting
  if (gone) return quiet({ ...call, state: { kind: 'stopped', executionId: null } })
  if (isWaiting(followed.status)) {
    return (
      <FromItsBeginning active={current}>
        <WaitingQuestion
          followed={followed}
          waiting={waiting}
          about={`for ${call.title}`}
          serverName={call.serverName ?? 'the server'}
          serverUrl={servers?.get(serverId) ?? null}
          admin={administers(role)}
          heading='h3'
        />
      </FromItsBeginning>
    )
  }
  if (isRunning(followed.status)) {
    const { started_at: startedAt } = followed
    const running = { kind: 'running', startedAt, progress: null, executionId } as const
    return <RunningCard call={{ ...call, state: running }} onStop={() => cancel.mutate()} />
  }
  return quiet({ ...call, state: endedState(executionId, followed) })
}
