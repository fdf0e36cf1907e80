// What a card opens to: the reason of a failure, what came back, what was sent, and the way to the record.
import { useState } from 'react'
import { Link } from '@tanstack/react-router'
import { ArrowUpRight, RotateCw } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { ContentView } from '@/ui/content/content-view.tsx'
import { ArgumentList } from './argument-list.tsx'
import type { ToolCall } from './tool-call.ts'

type Props = {
  call: ToolCall
  onRun: (key: string, parameters: Record<string, unknown>) => void
}

export function CallDetails({ call, onRun }: Props) {
  const { state } = call
  const result = state.kind === 'done' || state.kind === 'failed' ? state.result : null
  const executionId = state.kind === 'done' || state.kind === 'failed' ? state.executionId : null
  return (
    <div className='flex animate-appear flex-col gap-3 px-3 pt-1 pb-3 sm:pl-9'>
      {state.kind === 'failed' && (
        <p className='text-sm'>
          {state.reason}
          {state.side && <span className='block text-muted'>Whose turn it is: {state.side}.</span>}
        </p>
      )}
      {result && <ContentView result={result} />}
      <Sent call={call} />
      <div className='flex flex-wrap items-center gap-x-4 gap-y-1'>
        <Button
          look='quiet'
          icon={<RotateCw aria-hidden />}
          onClick={() => onRun(call.key, call.input)}
          className='-ml-3 !px-3'
        >
          {state.kind === 'failed' ? 'Try again' : 'Run again'}
        </Button>
        {executionId && (
          <Link
            to='/activity/$executionId'
            params={{ executionId }}
            className='inline-flex min-h-control items-center gap-1 text-sm text-accent hover:underline'
          >
            Record of this call
            <ArrowUpRight aria-hidden className='size-4' />
          </Link>
        )}
      </div>
    </div>
  )
}

function Sent({ call }: { call: ToolCall }) {
  const [json, setJson] = useState(false)
  if (Object.keys(call.input).length === 0) {
    return <p className='text-xs text-muted'>Sent without arguments.</p>
  }
  return (
    <section aria-label='Arguments'>
      <header className='mb-1 flex items-center gap-3 text-xs text-muted'>
        <h4>Sent</h4>
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
