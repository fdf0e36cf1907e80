// A number that may be left out, kept when the person leaves the field or presses Enter.
import { type ReactNode, useState } from 'react'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { readAmount } from './amounts.ts'

type Props = {
  label: string
  hint?: ReactNode
  /** Behind the number: `calls`. */
  unit: string
  /** What nothing means. */
  none: string
  most: number
  value: number | null
  onSave: (value: number | null) => void
}

export function AmountField(props: Props) {
  const { label, hint, unit, none, most, value, onSave } = props
  const kept = value === null ? '' : String(value)
  const [typed, setTyped] = useState(kept)
  const [before, setBefore] = useState(kept)
  // What is kept has changed, here or elsewhere: it stands over what was typed.
  if (before !== kept) {
    setBefore(kept)
    setTyped(kept)
  }
  const read = readAmount(typed, { most })
  const problem = 'problem' in read ? read.problem : null
  const keep = () => {
    if ('value' in read && read.value !== value) onSave(read.value)
  }
  return (
    <Field label={label} hint={hint} error={problem}>
      {(control) => (
        <span className='flex items-center gap-2'>
          <Input
            {...control}
            className='max-w-36'
            inputMode='numeric'
            autoComplete='off'
            placeholder={none}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={keep}
            onKeyDown={(event) => event.key === 'Enter' && keep()}
          />
          <span className='shrink-0 text-sm whitespace-nowrap text-muted'>{unit}</span>
        </span>
      )}
    </Field>
  )
}
