// One call of a tool inside an answer: a quiet line that opens, something under way, or a question to the person.
import { type ReactNode, useId, useState } from 'react'
import {
  Check,
  ChevronDown,
  CircleAlert,
  CircleHelp,
  CircleSlash,
  Hourglass,
  RotateCw,
} from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { count, formatDuration, relativeTime } from '@/lib/format.ts'
import { Button } from '@/ui/button.tsx'
import { useAsker } from './chat-people.tsx'
import type { ToolCall } from './tool-call.ts'
import { CallDetails, CallResult } from './tool-card-details.tsx'
import { CallFailure } from './tool-card-failure.tsx'
import { FollowedCard } from './tool-card-followed.tsx'
import { CallQuestion } from './tool-card-question.tsx'
import { RunningCard } from './tool-card-running.tsx'
import { CallName } from './call-name.tsx'

export type CallActions = {
  /** Makes the person's own call of it. */
  run: (key: string, parameters: Record<string, unknown>) => void
  /** Opens its form with these arguments; absent where the tool is no longer there. */
  edit: (key: string, parameters: Record<string, unknown>) => void
  stop: () => void
}

type Props = {
  call: ToolCall
  actions: CallActions
  /** Still the newest thing in the conversation: only then is a question still open. */
  current: boolean
  /** The result is the answer: nothing was said about it. */
  speaksForItself: boolean
}

export function ToolCard({ call, actions, current, speaksForItself }: Props) {
  const { state } = call
  const [declined, setDeclined] = useState(false)
  const mine = useAsker() === null
  if (state.kind === 'running' || state.kind === 'preparing') {
    return <RunningCard call={call} onStop={actions.stop} holdsAnswer />
  }
  if (state.kind === 'waiting') {
    return (
      <FollowedCard
        call={call}
        state={state}
        current={current}
        // The answer ended with the wait: whatever was said, it was not about the result.
        quiet={(ended) => (
          <QuietCard call={ended} actions={actions} current={current} speaksForItself />
        )}
      />
    )
  }
  if (state.kind === 'incomplete' && current && mine && !declined) {
    return (
      <CallQuestion
        call={call}
        question={state}
        onRun={(parameters) => actions.run(call.key, parameters)}
        onDecline={() => setDeclined(true)}
      />
    )
  }
  return <QuietCard {...{ call, actions, current, speaksForItself }} />
}

function QuietCard({ call, actions, current, speaksForItself }: Props) {
  const [open, setOpen] = useState(false)
  const panel = useId()
  const { state } = call
  const answer = speaksForItself && state.kind === 'done' ? state.result : null
  return (
    <div className='rounded-[inherit]'>
      <button
        type='button'
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
        className='flex min-h-control w-full items-center gap-2 rounded-[inherit] px-3 py-1.5 text-left text-sm hover:bg-hover'
      >
        <QuietIcon call={call} />
        <span className='min-w-0 grow'>
          <CallName call={call} />
          <Outcome call={call} />
        </span>
        <ChevronDown
          aria-hidden
          className={cx('size-4 shrink-0 text-muted transition-transform', open && 'rotate-180')}
        />
      </button>
      {answer && (
        <div className='border-t border-line px-3 py-3'>
          <CallResult call={call} result={answer} />
        </div>
      )}
      {'reason' in state && !open && (
        <div className='px-3 pb-2 pl-9 text-sm text-muted'>
          <p>{state.reason}</p>
          {state.kind === 'failed' && current && (
            <CallFailure call={call} state={state} actions={actions} />
          )}
        </div>
      )}
      {state.kind === 'expired' && !open && (
        <div className='px-3 pb-3 pl-9'>
          <Button
            icon={<RotateCw aria-hidden />}
            onClick={() => actions.run(call.key, call.input)}
          >
            Run again
          </Button>
        </div>
      )}
      <div id={panel} hidden={!open}>
        {open && <CallDetails call={call} actions={actions} resultShown={answer !== null} />}
      </div>
    </div>
  )
}

function QuietIcon({ call }: { call: ToolCall }): ReactNode {
  const className = 'size-4 shrink-0'
  switch (call.state.kind) {
    case 'done':
      return <Check aria-hidden className={cx(className, 'text-ok')} />
    case 'failed':
      return <CircleAlert aria-hidden className={cx(className, 'text-bad')} />
    case 'incomplete':
      return <CircleHelp aria-hidden className={cx(className, 'text-muted')} />
    case 'expired':
      return <Hourglass aria-hidden className={cx(className, 'text-muted')} />
    default:
      return <CircleSlash aria-hidden className={cx(className, 'text-muted')} />
  }
}

/** In a word; its details name them. */
const yesWords = {
  self: 'approved',
  always: 'always approved',
  admin: 'approved by an admin',
}

function Outcome({ call: { state } }: { call: ToolCall }) {
  const muted = 'text-muted tabular-nums'
  switch (state.kind) {
    case 'done':
      return (
        <span className={muted}>
          {' · '}
          {state.cachedAt
            ? `cached ${relativeTime(state.cachedAt)}`
            : formatDuration(state.durationMs)}
          {state.tries > 1 && ` · tried ${count(state.tries, 'time')}`}
          {state.approval && ` · ${yesWords[state.approval]}`}
          <span className='sr-only'>, done</span>
        </span>
      )
    case 'failed':
      return (
        <span className='text-bad'>
          {state.executionId === null ? ' · Did not run' : ' · Failed'}
          {state.tries > 1 && ` · tried ${count(state.tries, 'time')}`}
        </span>
      )
    case 'rejected':
      return <span className={muted}>{' · Not approved'}</span>
    case 'expired':
      return <span className={muted}>{' · Expired'}</span>
    case 'incomplete':
      return <span className={muted}>{' · Did not run'}</span>
    default:
      return <span className={muted}>{' · Stopped'}</span>
  }
}
