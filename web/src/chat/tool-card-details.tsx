// What a card opens to: the reason of a failure, what came back, what was sent, and the way to the record.
import { useState } from 'react'
import { PencilLine, RotateCw } from 'lucide-react'
import type { ToolResult } from '@shared/execution.ts'
import { fixesFor } from '@/lib/failure-advice.ts'
import { readResource } from '@/lib/read-resource.ts'
import { useToolOrigin } from '@/lib/tool-origin.ts'
import { useTeam } from '@/session/team.tsx'
import { ArgumentList } from '@/ui/argument-list.tsx'
import { Button } from '@/ui/button.tsx'
import { ContentView } from '@/ui/content/content-view.tsx'
import { Fold } from '@/ui/content/fold.tsx'
import { Time } from '@/ui/time.tsx'
import { CallFailure } from './tool-card-failure.tsx'
import { CallRecord } from './tool-card-record.tsx'
import { RecordLink } from './record-link.tsx'
import type { ToolCall } from './tool-call.ts'
import type { CallActions } from './tool-card.tsx'

type Props = {
  call: ToolCall
  actions: CallActions
  /** The card already shows what came back. */
  resultShown: boolean
}

export function CallDetails({ call, actions, resultShown }: Props) {
  const { state } = call
  const result = state.kind === 'done' || state.kind === 'failed' ? state.result : null
  const executionId = 'executionId' in state ? state.executionId : null
  // Astra’s own: no tool that a person could run.
  const lookup = !call.key.includes('__')
  // A failure offers what may help by itself.
  const failed = state.kind === 'failed'
  const offersChange = failed && fixesFor(state.code).includes('change')
  return (
    <div className='flex animate-appear flex-col gap-3 px-3 pt-2 pb-2'>
      {failed && <CallFailure call={call} state={state} actions={actions} whole />}
      {(state.kind === 'rejected' || state.kind === 'expired') && (
        <p className='text-sm'>{state.reason}</p>
      )}
      {state.kind === 'done' && state.cachedAt && (
        <p className='text-sm text-muted'>
          It was not called anew: this is the result of an equal call <Time at={state.cachedAt} />.
        </p>
      )}
      {result && !resultShown && <CallResult call={call} result={result} />}
      <Log call={call} />
      <Sent call={call} />
      {executionId && <CallRecord executionId={executionId} />}
      <div className='flex flex-wrap items-center gap-x-8 gap-y-1 pl-0'>
        {!lookup && !failed && (
          <Button
            look='quiet'
            icon={<RotateCw aria-hidden />}
            onClick={() => actions.run(call.key, call.input)}
            className='-mx-3 !px-3'
          >
            Run again
          </Button>
        )}
        {!lookup && !offersChange && (
          <Button
            look='quiet'
            icon={<PencilLine aria-hidden />}
            onClick={() => actions.edit(call.key, call.input)}
            className='-mx-3 !px-3'
          >
            Change and run
          </Button>
        )}
        {executionId && <RecordLink executionId={executionId} />}
      </div>
    </div>
  )
}

/** What came back; what it links to is read from the same server, in place. */
export function CallResult({ call, result }: { call: ToolCall; result: ToolResult }) {
  const { team_id } = useTeam()
  const { serverId, toolId } = call
  const origin = useToolOrigin({ team_id, tool_id: toolId, result })
  return (
    <ContentView
      result={result}
      origin={origin}
      name={call.title}
      read={serverId === null
        ? undefined
        : (uri) => readResource({ team_id, server_id: serverId, uri })}
    />
  )
}

function Log({ call }: { call: ToolCall }) {
  if (call.log.length === 0) return null
  return (
    <section aria-label='Log'>
      <h3 className='mb-1 text-xs text-muted'>What {call.serverName ?? 'the server'} logged</h3>
      <Fold>
        <ol className='font-mono text-xs [overflow-wrap:anywhere] text-muted'>
          {call.log.map((line, at) => <li key={at}>{line}</li>)}
        </ol>
      </Fold>
    </section>
  )
}

function Sent({ call }: { call: ToolCall }) {
  const [json, setJson] = useState(false)
  const sent = ['done', 'failed', 'running'].includes(call.state.kind)
  if (Object.keys(call.input).length === 0) {
    return <p className='text-xs text-muted'>Without arguments.</p>
  }
  return (
    <section aria-label='Arguments'>
      <header className='mb-1 flex items-center gap-3 text-xs text-muted'>
        <h3>{sent ? 'Sent' : 'Arguments'}</h3>
        <button
          type='button'
          aria-pressed={json}
          onClick={() => setJson(!json)}
          className='-my-2 inline-flex min-h-control items-center hover:text-text hover:underline'
        >
          {json ? 'As a list' : 'As JSON'}
        </button>
      </header>
      {json
        ? (
          <pre
            tabIndex={0}
            className='max-h-80 overflow-auto rounded-control bg-surface p-3 font-mono text-sm'
          >
            {JSON.stringify(call.input, null, 2)}
          </pre>
        )
        : <ArgumentList values={call.input} />}
    </section>
  )
}
