// A call under way: what it is doing, for how long, the newest its server says, a way to end it, and once it takes
// long, a way to go on without it.
import type { ReactNode } from 'react'
import { LoaderCircle, Moon, Square } from 'lucide-react'
import { useMutation } from '@tanstack/react-query'
import { call as perform } from '@/lib/call.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { Elapsed, useLasts } from '@/ui/elapsed.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { ProgressBar } from '@/ui/progress-bar.tsx'
import { toast } from '@/ui/toast.tsx'
import { CallName } from './call-name.tsx'
import { useAsker } from './chat-people.tsx'
import { RecordLink } from './record-link.tsx'
import type { ToolCall } from './tool-call.ts'

/** Lines of the server’s log on the card itself; the rest are in its details. */
const linesShown = 3
/** Until then nobody wonders. */
const longMs = 5_000

type Props = {
  call: ToolCall
  /** Ends the whole answer: all that can be done until the call is on record. */
  onStop: () => void
  /** The answer waits for it: it can go on without. */
  holdsAnswer?: boolean
}

export function RunningCard({ call, onStop, holdsAnswer = false }: Props) {
  const running = call.state.kind === 'running' ? call.state : null
  const executionId = running?.executionId ?? null
  const mine = useAsker() === null
  const long = useLasts(running?.startedAt ?? null, longMs)
  return (
    <UnderWay
      call={call}
      cancel={<CancelButton executionId={executionId} onStop={onStop} />}
      foot={long && executionId !== null && (
        <>
          {holdsAnswer && mine && <ContinueInBackground executionId={executionId} />}
          <RecordLink executionId={executionId} short />
        </>
      )}
    />
  )
}

type UnderWayProps = { call: ToolCall; note?: string; cancel: ReactNode; foot: ReactNode }

/** `note`: a word on how it runs. */
export function UnderWay({ call, note, cancel, foot }: UnderWayProps) {
  const running = call.state.kind === 'running' ? call.state : null
  const mine = useAsker() === null
  const progress = running?.progress
  const lines = call.log.slice(-linesShown)
  return (
    <div className='py-1.5 pr-1.5 pl-3'>
      <div className='flex items-center gap-2 text-sm'>
        <LoaderCircle
          aria-hidden
          className='size-4 shrink-0 animate-spin text-info motion-reduce:animate-none'
        />
        <span className='min-w-0 grow'>
          <CallName call={call} />
          {note && <span className='text-muted'>{` · ${note}`}</span>}
        </span>
        {running?.startedAt && <Elapsed since={running.startedAt} />}
        {mine && cancel}
      </div>
      {progress?.message && <p className='pl-6 text-sm text-muted'>{progress.message}</p>}
      {progress && <ProgressBar label={call.title} {...progress} className='pl-6' />}
      {lines.length > 0 && (
        <ol
          aria-label={`What ${call.serverName ?? 'the server'} logs`}
          className='mt-0.5 mr-2 mb-1 ml-6 border-l border-line pl-2 font-mono text-xs text-muted'
        >
          {lines.map((line, at) => <li key={call.log.length + at} className='truncate'>{line}</li>)}
        </ol>
      )}
      {foot && (
        <div className='flex animate-appear flex-wrap items-center gap-x-4 gap-y-1 pt-1 pl-6'>
          {foot}
        </div>
      )}
    </div>
  )
}

/** The answer goes on at once; the card follows the call, and its end is told wherever the person is then. */
function ContinueInBackground({ executionId }: { executionId: string }) {
  const { team_id } = useTeam()
  const leave = useMutation({
    mutationFn: () => perform('continue_in_background', { team_id, execution_id: executionId }),
    onError: (error) => toast({ tone: 'bad', text: error.message }),
  })
  return (
    <Button
      icon={<Moon aria-hidden />}
      // Until the answer goes on without it.
      busy={leave.isPending || leave.isSuccess}
      onClick={() => leave.mutate()}
    >
      Continue in background
    </Button>
  )
}

export function CancelButton(
  { executionId, onStop }: { executionId: string | null; onStop: () => void },
) {
  const { team_id } = useTeam()
  const cancel = useMutation({
    mutationFn: (execution_id: string) => perform('cancel_execution', { team_id, execution_id }),
    onError: (error) => toast({ tone: 'bad', text: error.message }),
  })
  // Until the card says how it ended.
  const cancelling = cancel.isPending || cancel.isSuccess
  return (
    <IconButton
      label='Cancel this call'
      disabled={cancelling}
      icon={cancelling
        ? <LoaderCircle aria-hidden className='animate-spin motion-reduce:animate-none' />
        : <Square aria-hidden className='!size-3.5' />}
      onClick={() => executionId === null ? onStop() : cancel.mutate(executionId)}
    />
  )
}
