// Further addresses of the same server: rarely needed, so they stay folded until there are some.
import { useState } from 'react'
import { ChevronRight } from 'lucide-react'
import { Field } from '@/ui/field.tsx'
import { Textarea } from '@/ui/input.tsx'
import { plain } from './masked.ts'
import { mostReplicas } from './server-replicas.ts'

type Props = { value: string; onChange: (value: string) => void; problem: string | null }

export function ReplicasField({ value, onChange, problem }: Props) {
  const [open, setOpen] = useState(value !== '')
  return (
    <details
      className='group'
      open={open || problem !== null}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className='flex min-h-11 w-fit list-none items-center gap-1.5 text-sm font-medium'>
        <ChevronRight
          aria-hidden
          className='size-4 text-muted transition-transform group-open:rotate-90'
        />
        Further addresses of the same server
      </summary>
      <Field
        hideLabel
        label='Further addresses of the same server'
        hint={`Up to ${mostReplicas}, one per line. Calls are spread over all of them, and where one fails another takes over. They must be the same server: the same tools, the same account.`}
        error={problem}
      >
        {(control) => (
          <Textarea
            {...control}
            {...plain}
            className='font-mono'
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
    </details>
  )
}
