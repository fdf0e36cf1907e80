// Blanks to fill in before something of a server can be used: a prompt's arguments, a template's gaps.
import { type FormEvent, useRef, useState } from 'react'
import { readableName } from '@/lib/format.ts'
import { Button } from '@/ui/button.tsx'
import { FormError } from '@/ui/field.tsx'
import { SuggestedField } from './suggested-field.tsx'

export type Blank = { name: string; title?: string; description?: string; required?: boolean }

type Props = {
  blanks: Blank[]
  of: Parameters<typeof SuggestedField>[0]['of']
  submitLabel: string
  /** The way on is elsewhere now. */
  aside?: boolean
  busy: boolean
  error: Error | null
  onSubmit: (values: Record<string, string>) => void
}

export function BlanksForm(props: Props) {
  const { blanks, of, submitLabel, aside, busy, error, onSubmit } = props
  const form = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState<Record<string, string>>({})
  const [attempted, setAttempted] = useState(false)
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
  const missing = blanks.filter(({ name, required }) => required && !Object.hasOwn(given, name))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setAttempted(true)
    if (missing.length === 0) return onSubmit(given)
    form.current?.querySelector<HTMLElement>(`[name="${CSS.escape(missing[0]!.name)}"]`)?.focus()
  }
  return (
    <form ref={form} noValidate autoComplete='off' onSubmit={submit}>
      <div className='flex flex-col gap-4'>
        {blanks.map((blank, at) => {
          const { name, title, description, required = false } = blank
          const { [name]: _own, ...context } = given
          return (
            <SuggestedField
              key={name}
              name={name}
              label={title?.trim() || readableName(name)}
              hint={description}
              required={required}
              first={at === 0}
              error={attempted && missing.includes(blank) ? 'This is needed' : null}
              value={values[name] ?? ''}
              onChange={(value) => setValues((old) => ({ ...old, [name]: value }))}
              of={of}
              context={context}
            />
          )
        })}
      </div>
      {error && (
        <div className='mt-4'>
          <FormError>{error.message}</FormError>
        </div>
      )}
      <Button
        type='submit'
        look={aside ? 'secondary' : 'primary'}
        busy={busy}
        className='mt-4'
      >
        {submitLabel}
      </Button>
    </form>
  )
}
