// A text field whose server knows what may stand in it: its suggestions, to tap or to tab to, under the field.
import { useEffect, useState } from 'react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Completion } from '@shared/context.ts'
import type { InputOf } from '@shared/operations.ts'
import { call } from '@/lib/call.ts'
import { useTouch } from '@/lib/device.ts'
import { count } from '@/lib/format.ts'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'

const shown = 8
const quietMs = 200

type Props = {
  name: string
  label: string
  hint?: string
  required: boolean
  /** Takes the focus when it appears. */
  first: boolean
  error: string | null
  value: string
  onChange: (value: string) => void
  /** What the suggestions are asked for, and of whom. */
  of: { team_id: string; server_id: string; ref: InputOf<'complete'>['ref'] }
  /** The other fields, as they stand: one may narrow another. */
  context: Record<string, string>
}

export function SuggestedField(props: Props) {
  const { name, label, hint, required, first, error, value, onChange } = props
  const touch = useTouch()
  const { values, more } = useSuggestions(props)
  const others = values.filter((one) => one !== value)
  return (
    <div>
      <Field label={label} hint={hint} required={required} error={error}>
        {(control) => (
          <Input
            {...control}
            name={name}
            value={value}
            autoComplete='off'
            autoCapitalize='off'
            spellCheck={false}
            // On glass, focus would raise the keyboard over what is to be read.
            autoFocus={first && !touch}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <p role='status' className='sr-only'>
        {others.length > 0 ? `${count(others.length, 'suggestion')} for ${label}` : ''}
      </p>
      {others.length > 0 && (
        <ul aria-label={`Suggestions for ${label}`} className='mt-2 flex flex-wrap gap-1.5'>
          {others.slice(0, shown).map((one) => (
            <li key={one} className='max-w-full'>
              <button
                type='button'
                onClick={() => onChange(one)}
                className='inline-flex h-control max-w-full items-center rounded-control border border-line bg-surface px-3 text-sm hover:bg-press'
              >
                <span className='truncate'>{one}</span>
              </button>
            </li>
          ))}
          {(more || others.length > shown) && (
            <li className='flex min-h-control items-center text-xs text-muted'>Type for more</li>
          )}
        </ul>
      )}
    </div>
  )
}

/** None where the server has none, and where it cannot be asked: the field works without. */
function useSuggestions({ of, name, value, context }: Props): { values: string[]; more: boolean } {
  const settled = useSettled(JSON.stringify({ value, context }))
  const { data } = useQuery({
    queryKey: ['team', of.team_id, 'servers', of.server_id, 'complete', of.ref, name, settled],
    queryFn: async ({ signal }): Promise<Completion> => {
      const asked = JSON.parse(settled) as { value: string; context: Record<string, string> }
      const argument = { name, value: asked.value }
      const answer = await call('complete', { ...of, argument, context: asked.context }, { signal })
      return 'status' in answer ? none : answer
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  })
  return { values: [...new Set(data?.values)], more: data?.has_more ?? false }
}

const none: Completion = { values: [], total: null, has_more: false }

/** What is typed, once the typing pauses. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), quietMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
