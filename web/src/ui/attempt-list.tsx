// Every try of a call, the first one first: where, when, for how long, and why it failed.
import type { Attempt } from '@shared/execution.ts'
import { formatDuration } from '@/lib/format.ts'
import { Status } from './status.tsx'

export function AttemptList({ attempts }: { attempts: Attempt[] }) {
  return (
    <ol className='divide-y divide-line text-sm'>
      {attempts.map((attempt, at) => <OneAttempt key={at} {...attempt} />)}
    </ol>
  )
}

function OneAttempt({ endpoint, after_ms, duration_ms, error_code, error_message }: Attempt) {
  return (
    <li className='py-2.5'>
      <p className='flex flex-wrap items-center gap-x-3 gap-y-0.5'>
        <span className='min-w-0 grow font-medium'>{hostOf(endpoint)}</span>
        {error_code === null
          ? <Status tone='ok'>Answered</Status>
          : <Status tone='bad'>Failed</Status>}
      </p>
      <p className='mt-0.5 text-muted'>
        {after_ms === 0 ? 'At once' : `After ${formatDuration(after_ms)}`}
        {`, took ${formatDuration(duration_ms)}`}
        {error_message && `. ${error_message}`}
      </p>
    </li>
  )
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint
}
