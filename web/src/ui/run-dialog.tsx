// The form of one tool, filled in or as it was sent before: to be looked at, changed and run.
import type { ComponentProps, ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { FormError } from './field.tsx'
import { LazySchemaForm } from './schema-form/lazy-schema-form.tsx'
import { Status } from './status.tsx'

type Form = ComponentProps<typeof LazySchemaForm>
type Props = {
  title: string
  description: string
  wide?: boolean
  /** To be known before it runs. */
  warning?: string | null
  schema: Form['schema']
  /** What it starts with. */
  value?: Form['value']
  submitLabel: string
  problems?: Form['problems']
  busy?: boolean
  /** Ends what is busy. */
  onCancel?: () => void
  /** Why it was not run. */
  error?: ReactNode
  onRun: (parameters: Record<string, unknown>) => void
  onClose: () => void
}

export function RunDialog(props: Props) {
  const { title, description, wide, warning, error, busy, onCancel, onRun, onClose } = props
  return (
    <Dialog
      open
      wide={wide}
      onOpenChange={(open) => open || onClose()}
      title={title}
      description={description}
    >
      {warning && (
        <p className='mb-4 rounded-control bg-warn-soft px-3 py-2 text-sm'>
          <Status tone='warn' className='!inline whitespace-normal [&_svg]:mr-1.5 [&_svg]:inline'>
            {warning}
          </Status>
        </p>
      )}
      <LazySchemaForm
        schema={props.schema}
        value={props.value}
        submitLabel={props.submitLabel}
        busy={busy}
        problems={props.problems}
        onSubmit={onRun}
        footer={busy && onCancel && <Button onClick={onCancel}>Cancel</Button>}
      />
      <div className='mt-4 empty:hidden'>
        <FormError>{error}</FormError>
      </div>
    </Dialog>
  )
}
