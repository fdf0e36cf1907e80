// The same tool with the same arguments, to be changed before they are sent. Sending is the person's own call.
import { useEffect, useRef } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { call, CallError } from '@/lib/call.ts'
import { fixesFor, mayHaveRunWarning, refusalAdvice } from '@/lib/failure-advice.ts'
import { administers } from '@/lib/roles.ts'
import { uuid } from '@/lib/uuid.ts'
import { useTeam } from '@/session/team.tsx'
import { RunDialog } from '@/ui/run-dialog.tsx'
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
  const words = run.error && `${run.error.message} ${advice ?? ''}`
  return (
    <RunDialog
      wide
      title={`Run ${name} again`}
      description={asks
        ? `An admin has to approve it. Then it runs in ${server} as you.`
        : `Runs in ${server} as you.`}
      warning={mayHaveRun(execution) ? mayHaveRunWarning : null}
      schema={execution.mcp_tools!.input_schema}
      value={execution.input_parameters}
      submitLabel={asks ? 'Ask to run' : 'Run'}
      busy={run.isPending}
      problems={problems}
      onCancel={() => aborter.current?.abort()}
      error={problems.length === 0 ? cancelled ? 'Cancelled.' : words : null}
      onRun={(parameters) => run.mutate(parameters)}
      onClose={onClose}
    />
  )
}

function mayHaveRun({ error_code, status }: ExecutionRow): boolean {
  return status === 'unknown' || fixesFor(error_code).includes('again_with_care')
}
