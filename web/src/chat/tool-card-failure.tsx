// Why a call did not work, on whose side that is, and what can be done about it from here.
import { administers } from '@/lib/roles.ts'
import { adviceFor, reasonIsResult, sideWords } from '@/lib/failure-advice.ts'
import { useTeam } from '@/session/team.tsx'
import { FailureFixes } from '@/ui/failure/failure-fixes.tsx'
import type { CallState, ToolCall } from './tool-call.ts'
import type { CallActions } from './tool-card.tsx'

type Props = {
  call: ToolCall
  state: Extract<CallState, { kind: 'failed' }>
  actions: CallActions
  /** The reason too: nothing else on the card says it. */
  whole?: boolean
}

export function CallFailure({ call, state, actions, whole = false }: Props) {
  const { team_id, role } = useTeam()
  const { serverId, serverName } = call
  const side = sideWords(state.code)
  // Astra’s own: no tool that a person could run.
  const lookup = !call.key.includes('__')
  return (
    <div className='text-sm'>
      {whole && !reasonIsResult(state) && <p>{state.reason}</p>}
      <p className='text-muted'>
        {side && <strong className='font-medium text-text'>{side}.{' '}</strong>}
        {adviceFor(state.code)}
      </p>
      <FailureFixes
        code={state.code}
        reason={state.reason}
        team_id={team_id}
        tool={call.title}
        server={serverId && serverName ? { id: serverId, name: serverName } : null}
        executionId={state.executionId}
        retryAt={state.retryAt}
        admin={administers(role)}
        onAgain={lookup ? undefined : () => actions.run(call.key, call.input)}
        onChange={lookup ? undefined : () => actions.edit(call.key, call.input)}
      />
    </div>
  )
}
