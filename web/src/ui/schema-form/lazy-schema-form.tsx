// The form of a schema, fetched when the first one is asked for.
import { type ComponentProps, lazy, Suspense, useEffect, useRef } from 'react'
import { Skeleton } from '@/ui/skeleton.tsx'
import type { SchemaForm } from './schema-form.tsx'

const Form = lazy(() =>
  import('./schema-form.tsx').then(({ SchemaForm }) => ({ default: SchemaForm }))
)

type Props = ComponentProps<typeof SchemaForm> & {
  /** Its first field takes the focus as soon as it is there. */
  focused?: boolean
}

export function LazySchemaForm({ focused = false, ...form }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const focusFirst = () =>
    box.current?.querySelector<HTMLElement>('input, textarea, select')?.focus()
  return (
    <Suspense fallback={<Skeleton className='h-32 w-full' />}>
      <div ref={box}>
        <Form {...form} />
      </div>
      {focused && <Once run={focusFirst} />}
    </Suspense>
  )
}

/** Beside the form, so that it is there when the form is. */
function Once({ run }: { run: () => void }) {
  const first = useRef(run)
  useEffect(() => first.current(), [])
  return null
}
