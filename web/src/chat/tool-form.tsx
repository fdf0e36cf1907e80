// The form of a tool, fetched when the first one is asked for.
import { type ComponentProps, lazy, Suspense } from 'react'
import type { SchemaForm } from '@/ui/schema-form/schema-form.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'

const Form = lazy(() =>
  import('@/ui/schema-form/schema-form.tsx').then(({ SchemaForm }) => ({ default: SchemaForm }))
)

export function ToolForm(props: ComponentProps<typeof SchemaForm>) {
  return (
    <Suspense fallback={<Skeleton className='h-32 w-full' />}>
      <Form {...props} />
    </Suspense>
  )
}
