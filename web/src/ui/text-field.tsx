// A labelled line of text: the ordinary field of a form.
import type { ComponentProps, ReactNode } from 'react'
import { Field } from './field.tsx'
import { Input } from './input.tsx'

type Props = Omit<ComponentProps<'input'>, 'value' | 'onChange'> & {
  label: ReactNode
  hint?: ReactNode
  error?: string | null
  value: string
  onValue: (value: string) => void
}

export function TextField({ label, hint, error, value, onValue, ...input }: Props) {
  return (
    <Field label={label} hint={hint} error={error} required={input.required || undefined}>
      {(control) => (
        <Input
          {...input}
          {...control}
          value={value}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  )
}
