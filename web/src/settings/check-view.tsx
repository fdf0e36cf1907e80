// The steps of a test as they happen: each by name, with what it found; the one that failed with what to do about it.
import type { ReactNode } from 'react'
import type { TestStep } from '@shared/server.ts'
import { cx } from '@/lib/classes.ts'
import { formatDuration } from '@/lib/format.ts'
import { FormError } from '@/ui/field.tsx'
import { Status, type Tone } from '@/ui/status.tsx'
import { type Row, rowsOf, type Standing, stepWords } from './check-steps.ts'
import { LeftOutList, leftOutWords } from './left-out.tsx'
import { syncWords } from './server-changes.ts'
import type { Check } from './use-check.ts'

type Props = {
  state: Check
  /** What a person can do about it right here, shown below the step that failed. */
  remedy?: ReactNode
}

export function CheckView({ state, remedy }: Props) {
  const rows = rowsOf(state.steps, state.phase === 'testing')
  const failed = rows.some(({ standing }) => standing.at === 'failed')
  return (
    <div className='flex flex-col gap-4'>
      <output className='sr-only'>{stepWords(rows)}</output>
      <ol className='flex flex-col'>
        {rows.map((row) => <Step key={row.step} row={row} remedy={remedy} />)}
        {(state.synced || state.phase === 'keeping') && <Keeping synced={state.synced !== null} />}
      </ol>
      <output className='block empty:hidden'>
        {state.synced && <p className='font-medium'>{syncWords(state.synced)}</p>}
        {state.ok && state.phase === 'over' && !state.synced && !state.error && (
          <p className='font-medium'>All is well: it answers and hands out its tools.</p>
        )}
      </output>
      {state.synced && state.synced.left_out.length > 0 && (
        <section className='rounded-control bg-warn-soft px-3 py-2 text-sm'>
          <h3 className='mb-1 font-medium'>{leftOutWords(state.synced.left_out)}</h3>
          <LeftOutList tools={state.synced.left_out} />
        </section>
      )}
      <FormError>{state.error}</FormError>
      {!failed && state.wantsSignIn && state.phase === 'over' && remedy}
    </div>
  )
}

const words: Record<Standing['at'], { tone: Tone; word: string }> = {
  waiting: { tone: 'muted', word: 'Waiting' },
  running: { tone: 'busy', word: 'Checking' },
  passed: { tone: 'ok', word: 'Passed' },
  failed: { tone: 'bad', word: 'Failed' },
  skipped: { tone: 'muted', word: 'Skipped' },
  not_reached: { tone: 'muted', word: 'Not reached' },
}

function Step({ row, remedy }: { row: Row; remedy?: ReactNode }) {
  const { name, asks, standing } = row
  const { tone, word } = words[standing.at]
  const quiet = standing.at === 'waiting' || standing.at === 'not_reached'
  const told = standing.at === 'not_reached' ? null : standing.step
  return (
    <li className='border-b border-line py-2 first:pt-0 last:border-0'>
      <div className='flex items-center gap-3'>
        <span className={cx('min-w-0 grow font-medium', quiet && 'text-muted')}>{name}</span>
        {standing.at === 'passed' && standing.step.duration_ms > 0 && (
          <span className='shrink-0 text-xs text-muted tabular-nums'>
            {formatDuration(standing.step.duration_ms)}
          </span>
        )}
        <Status tone={tone} className='shrink-0'>{word}</Status>
      </div>
      {standing.at === 'failed'
        ? <Failure step={standing.step} remedy={remedy} />
        : <p className='text-sm text-muted'>{told?.message ?? asks}</p>}
    </li>
  )
}

function Failure({ step, remedy }: { step: TestStep; remedy?: ReactNode }) {
  return (
    <div role='alert' className='mt-1 mb-1 rounded-control bg-bad-soft px-3 py-2 text-sm'>
      <p className='font-medium'>{step.message}</p>
      {step.advice && <p className='mt-1'>{step.advice}</p>}
      {remedy && <div className='mt-2 mb-1 empty:hidden'>{remedy}</div>}
    </div>
  )
}

/** After the test, where its tools are to be kept: one more thing that takes a moment. */
function Keeping({ synced }: { synced: boolean }) {
  return (
    <li className='py-2'>
      <div className='flex items-center gap-3'>
        <span className='grow font-medium'>Keep its tools</span>
        {synced ? <Status tone='ok'>Passed</Status> : <Status tone='busy'>Working</Status>}
      </div>
      <p className='text-sm text-muted'>Their descriptions, for your team to judge.</p>
    </li>
  )
}
