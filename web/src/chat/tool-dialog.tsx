// A tool a person chose themselves: its form. Sending it is their own call, arguments seen.
import { administers } from '@/lib/roles.ts'
import { toolTitle } from '@/lib/tool-title.ts'
import { useTeam } from '@/session/team.tsx'
import { RunDialog } from '@/ui/run-dialog.tsx'
import type { Found } from './chat-tools.ts'

/** A tool, what its form starts with, and the message that the call stands in for. */
export type Chosen = Found & { parameters?: Record<string, unknown>; replaces?: string }

type Props = {
  chosen: Chosen | null
  onClose: () => void
  onRun: (key: string, parameters: Record<string, unknown>) => void
}

export function ToolDialog({ chosen, onClose, onRun }: Props) {
  const { role } = useTeam()
  if (!chosen) return null
  const { key, tool, parameters } = chosen
  const asks = tool.policy === 'ask_admin' && !administers(role)
  return (
    <RunDialog
      title={toolTitle(tool)}
      description={tool.description ?? `A tool of ${tool.server_name}`}
      schema={tool.input_schema}
      value={parameters}
      submitLabel={`${asks ? 'Ask to run' : 'Run'} in ${tool.server_name}`}
      onRun={(filled) => {
        onClose()
        onRun(key, filled)
      }}
      onClose={onClose}
    />
  )
}
