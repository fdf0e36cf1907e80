// The steps of a test: each by name, the one that failed with its reason and what to do about it.
import type { ReactNode } from 'react'
import type { TestStep } from '@shared/server.ts'
import { formatDuration } from '@/lib/format.ts'
import { FormError } from '@/ui/field.tsx'
import { Status, type Tone } from '@/ui/status.tsx'
import { stepAdvice, stepWords } from './server-state.ts'
import type { Check } from './use-check.ts'

const order: TestStep['step'][] = ['address', 'connect', 'sign_in', 'list_tools']
const words: Record<TestStep['outcome'], { tone: Tone; word: string }> = {
  passed: { tone: 'ok', word: 'Passed' },
  failed: { tone: 'bad', word: 'Failed' },
  skipped: { tone: 'muted', word: 'Not reached' },
}

export function CheckView({ state }: { state: Check }) {
  const failed = state.steps.find(({ outcome }) => outcome === 'failed')
  return (
    <div className='flex flex-col gap-4'>
      <ol className='flex flex-col'>
        {order.map((step) => (
          <Step
            key={step}
            name={stepWords[step]}
            step={state.steps.find((one) => one.step === step)}
            running={state.running}
          />
        ))}
        {(state.synced || (state.ok && state.running)) && (
          <Row
            name='Keep their descriptions'
            status={state.synced
              ? <Status tone='ok'>Passed</Status>
              : <Status tone='busy'>Working</Status>}
          />
        )}
      </ol>
      <output className='block text-sm'>
        {failed && <Failure step={failed} />}
        {state.synced && <p className='text-base font-medium'>{state.synced}</p>}
        {state.ok && !state.running && !state.synced && !state.error && (
          <p>It answers and hands out its tools.</p>
        )}
      </output>
      <FormError>{state.error}</FormError>
    </div>
  )
}

type StepProps = { name: string; step: TestStep | undefined; running: boolean }

/** The outcomes arrive together: until then every step is under way. */
function Step({ name, step, running }: StepProps) {
  if (!step) {
    const status = running
      ? <Status tone='busy'>Checking</Status>
      : <Status tone='muted'>Not reached</Status>
    return <Row name={name} status={status} />
  }
  const { tone, word } = words[step.outcome]
  return (
    <Row
      name={name}
      detail={step.outcome === 'passed' ? formatDuration(step.duration_ms) : ''}
      status={<Status tone={tone}>{word}</Status>}
    />
  )
}

function Row({ name, detail, status }: { name: string; detail?: string; status: ReactNode }) {
  return (
    <li className='flex min-h-11 items-center gap-3 border-b border-line last:border-0'>
      <span className='min-w-0 grow'>{name}</span>
      {detail && <span className='text-sm text-muted tabular-nums'>{detail}</span>}
      {status}
    </li>
  )
}

function Failure({ step }: { step: TestStep }) {
  return (
    <div className='rounded-control bg-bad-soft px-3 py-2'>
      <p className='font-medium'>{stepWords[step.step]}: {step.message}</p>
      <p className='mt-1'>{stepAdvice[step.step]}</p>
    </div>
  )
}
