// A call under way: what it is doing, for how long, the newest its server says, and a way to end it.
import { LoaderCircle, Square } from 'lucide-react'
import { useMutation } from '@tanstack/react-query'
import { call as perform } from '@/lib/call.ts'
import { useTeam } from '@/session/team.tsx'
import { Elapsed } from '@/ui/elapsed.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { ProgressBar } from '@/ui/progress-bar.tsx'
import { toast } from '@/ui/toast.tsx'
import { CallName } from './call-name.tsx'
import { useAsker } from './chat-people.tsx'
import type { ToolCall } from './tool-call.ts'

/** Lines of the server’s log on the card itself; the rest are in its details. */
const linesShown = 3

type Props = {
  call: ToolCall
  /** Ends the whole answer: all that can be done until the call is on record. */
  onStop: () => void
}

export function RunningCard({ call, onStop }: Props) {
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
        </span>
        {running?.startedAt && <Elapsed since={running.startedAt} />}
        {mine && <CancelButton executionId={running?.executionId ?? null} onStop={onStop} />}
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
    </div>
  )
}

function CancelButton(
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
