// The arguments of a call that waits for a yes, to be changed before it is given.
import { useMemo } from 'react'
import type { JsonSchema } from '@shared/tool.ts'
import { CallError } from '@/lib/call.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { Button } from '@/ui/button.tsx'
import { LazySchemaForm } from '@/ui/schema-form/lazy-schema-form.tsx'
import { useDeciding } from './approval-answers.tsx'
import { RefusalNote } from './refusal-note.tsx'

type Props = {
  call: { parameters: Record<string, unknown> }
  schema: JsonSchema
  decide: Waiting['decide']
  /** The first field takes the focus. */
  focused: boolean
  onApprove: (parameters: Record<string, unknown>) => void
  onBack: () => void
}

export function ApprovalForm({ call, schema, decide, focused, onApprove, onBack }: Props) {
  const { error } = decide
  const { disabled, sends } = useDeciding(decide)
  const problems = useMemo(() => error instanceof CallError ? error.problems : [], [error])
  return (
    <>
      <LazySchemaForm
        schema={schema}
        value={call.parameters}
        submitLabel='Approve and run'
        busy={sends('approve')}
        disabled={disabled}
        problems={problems}
        focused={focused}
        onSubmit={onApprove}
        footer={<Button look='quiet' disabled={disabled} onClick={onBack}>Back</Button>}
      />
      <RefusalNote error={problems.length === 0 ? error : null} />
    </>
  )
}
