// Choosing the span of time: a preset, or a first and a last day.
import { useState } from 'react'
import { cx } from '@/lib/classes.ts'
import { Button } from '@/ui/button.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { customRange, lastDay, type Preset, presets, presetWords, type Range } from './range.ts'

/** Five of them fit side by side on the smallest phone. */
const shortWords: Record<Preset, string> = {
  '24h': '24 h',
  '7d': '7 d',
  '30d': '30 d',
  '90d': '90 d',
}

type Props = {
  range: Range
  onPreset: (preset: Preset) => void
  onDays: (first: string, last: string) => void
}

export function RangePicker({ range, onPreset, onDays }: Props) {
  const [picking, setPicking] = useState(range.preset === 'custom')
  const chosen = picking ? 'custom' : range.preset
  const item = (value: string) =>
    cx(
      'h-control rounded-control px-1 text-sm whitespace-nowrap sm:px-3',
      chosen === value ? 'bg-raised font-medium ring-1 ring-edge' : 'text-muted hover:text-text',
    )
  return (
    <div className='mb-6'>
      <fieldset className='min-w-0 grid grid-cols-[1fr_1fr_1fr_1fr_1.4fr] gap-1 rounded-card bg-surface p-1 sm:flex sm:w-fit'>
        <legend className='sr-only'>Range</legend>
        {presets.map((preset) => (
          <button
            key={preset}
            type='button'
            aria-pressed={chosen === preset}
            className={item(preset)}
            onClick={() => {
              setPicking(false)
              onPreset(preset)
            }}
          >
            <span className='sm:hidden' aria-hidden>{shortWords[preset]}</span>
            <span className='sr-only sm:not-sr-only'>{presetWords[preset]}</span>
          </button>
        ))}
        <button
          type='button'
          aria-pressed={chosen === 'custom'}
          className={item('custom')}
          onClick={() => setPicking(true)}
        >
          Custom
        </button>
      </fieldset>
      {picking && <Days key={`${range.from}${range.to}`} range={range} onDays={onDays} />}
    </div>
  )
}

function Days({ range, onDays }: Pick<Props, 'range' | 'onDays'>) {
  const [first, setFirst] = useState(range.from.slice(0, 10))
  const [last, setLast] = useState(lastDay(range))
  const [refused, setRefused] = useState(false)
  const submit = () => {
    const fine = customRange(first, last) !== null
    setRefused(!fine)
    if (fine) onDays(first, last)
  }
  return (
    <form
      noValidate
      className='mt-3 flex flex-wrap items-end gap-3'
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Field label='First day' className='grow sm:grow-0'>
        {(control) => (
          <Input
            {...control}
            type='date'
            value={first}
            onChange={(event) => setFirst(event.target.value)}
          />
        )}
      </Field>
      <Field label='Last day' className='grow sm:grow-0'>
        {(control) => (
          <Input
            {...control}
            type='date'
            value={last}
            onChange={(event) => setLast(event.target.value)}
          />
        )}
      </Field>
      <Button type='submit'>Show</Button>
      {refused && (
        <p role='alert' className='w-full text-sm text-bad'>
          The first day comes before the last, and at most a year lies between them.
        </p>
      )}
    </form>
  )
}
