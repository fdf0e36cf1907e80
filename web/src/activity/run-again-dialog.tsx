// The same tool with the same arguments, to be changed before they are sent. Sending is the person's own call.
import { useEffect, useRef } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { call, CallError } from '@/lib/call.ts'
import { refusalAdvice } from '@/lib/failure-advice.ts'
import { administers } from '@/lib/roles.ts'
import { uuid } from '@/lib/uuid.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { FormError } from '@/ui/field.tsx'
import { SchemaForm } from '@/ui/schema-form/schema-form.tsx'
import type { ExecutionRow } from './queries.ts'

type Props = { execution: ExecutionRow; name: string; onClose: () => void }

export function RunAgainDialog({ execution, name, onClose }: Props) {
  const { team_id, role } = useTeam()
  const client = useQueryClient()
  const navigate = useNavigate()
  const aborter = useRef<AbortController>(null)
  useEffect(() => () => aborter.current?.abort(), [])
  const run = useMutation({
    mutationFn: (parameters: Record<string, unknown>) => {
      aborter.current = new AbortController()
      return call('call_tool', {
        team_id,
        server_id: execution.server_id,
        tool_name: execution.mcp_tools!.tool_name,
        parameters,
        idempotency_key: uuid(),
      }, { signal: aborter.current.signal })
    },
    onSuccess: ({ execution_id }) => {
      void client.invalidateQueries({ queryKey: ['team', team_id, 'executions'] })
      onClose()
      void navigate({ to: '/activity/$executionId', params: { executionId: execution_id } })
    },
  })
  const problems = run.error instanceof CallError ? run.error.problems : []
  const cancelled = run.error?.name === 'AbortError'
  const advice = run.error instanceof CallError ? refusalAdvice(run.error) : null
  const server = execution.mcp_servers?.name ?? 'its server'
  const asks = execution.mcp_tools!.policy === 'ask_admin' && !administers(role)
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={`Run ${name} again`}
      description={asks
        ? `An admin has to approve it. Then it runs in ${server} as you.`
        : `Runs in ${server} as you.`}
    >
      <SchemaForm
        schema={execution.mcp_tools!.input_schema}
        value={execution.input_parameters}
        submitLabel={asks ? 'Ask to run' : 'Run'}
        busy={run.isPending}
        problems={problems}
        onSubmit={(parameters) => run.mutate(parameters)}
        footer={run.isPending && <Button onClick={() => aborter.current?.abort()}>Cancel</Button>}
      />
      <div className='mt-4 empty:hidden'>
        {run.error && problems.length === 0 && (
          <FormError>{cancelled ? 'Cancelled.' : `${run.error.message} ${advice ?? ''}`}</FormError>
        )}
      </div>
    </Dialog>
  )
}
