// A tool a person chose themselves: its form. Sending it is their own call, arguments seen.
import { Dialog } from '@/ui/dialog.tsx'
import { SchemaForm } from '@/ui/schema-form/schema-form.tsx'
import { type Found, toolTitle } from './chat-tools.ts'

type Props = {
  found: Found | null
  onClose: () => void
  onRun: (key: string, parameters: Record<string, unknown>) => void
}

export function ToolDialog({ found, onClose, onRun }: Props) {
  if (!found) return null
  const { key, tool } = found
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={toolTitle(tool)}
      description={tool.description ?? `A tool of ${tool.server_name}`}
    >
      <SchemaForm
        schema={tool.input_schema}
        submitLabel={`Run in ${tool.server_name}`}
        onSubmit={(parameters) => {
          onClose()
          onRun(key, parameters)
        }}
      />
    </Dialog>
  )
}
