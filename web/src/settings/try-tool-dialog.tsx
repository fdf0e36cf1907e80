// Trying a tool: its form, and what came back. Sending the form is the person's own call, arguments seen.
import { useEffect, useRef, useState } from 'react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { CallError, callStreaming } from '@/lib/call.ts'
import { toolTitle } from '@/lib/tool-title.ts'
import { uuid } from '@/lib/uuid.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { FormError } from '@/ui/field.tsx'
import { SchemaForm } from '@/ui/schema-form/schema-form.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { Status } from '@/ui/status.tsx'
import type { ServerRow } from './queries.ts'
import { type ToolRow, toolSchemaQuery } from './tool-queries.ts'
import { progressWords, refusalWords } from './tool-rules.ts'
import { Outcome } from './try-tool-outcome.tsx'

type Props = { server: ServerRow; tool: ToolRow; onClose: () => void }

export function TryToolDialog({ server, tool, onClose }: Props) {
  const { team_id } = useTeam()
  const schema = useQuery(toolSchemaQuery(team_id, tool.id))
  const aborter = useRef<AbortController>(null)
  const [progress, setProgress] = useState<string | null>(null)
  const run = useMutation({
    mutationFn: (parameters: Record<string, unknown>) => {
      aborter.current = new AbortController()
      setProgress(null)
      return callStreaming('call_tool', {
        team_id,
        server_id: server.id,
        tool_name: tool.tool_name,
        parameters,
        idempotency_key: uuid(),
      }, {
        signal: aborter.current.signal,
        onEvent: (told) => {
          if (told.event === 'progress') setProgress(progressWords(told.progress))
        },
      })
    },
  })
  // Closing the dialog is not waiting any longer: the call is cancelled, and the log says so.
  useEffect(() => () => aborter.current?.abort(), [])
  const name = toolTitle(tool)
  const problems = run.error instanceof CallError ? run.error.problems : []
  const cancelled = run.error?.name === 'AbortError'
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={`Try ${name}`}
      description={`Runs in ${server.name} as you, and is kept in the activity log.`}
    >
      {schema.isPending && <SkeletonList rows={2} className='h-16' />}
      {schema.isError && (
        <FailedState
          title='Its form could not be read'
          error={schema.error}
          onRetry={() => void schema.refetch()}
        />
      )}
      {schema.data && (
        <SchemaForm
          schema={schema.data}
          submitLabel='Run'
          busy={run.isPending}
          problems={problems}
          onSubmit={(parameters) => run.mutate(parameters)}
          footer={run.isPending && <Button onClick={() => aborter.current?.abort()}>Cancel</Button>}
        />
      )}
      <div aria-live='polite' className='mt-4 empty:hidden'>
        {run.isPending && <Running progress={progress} />}
        {cancelled && <Status tone='muted'>Cancelled</Status>}
        {run.error && !cancelled && problems.length === 0 && (
          <FormError>{refusalWords(run.error)}</FormError>
        )}
        {run.data && <Outcome answer={run.data} name={name} server={server} tool={tool} />}
      </div>
    </Dialog>
  )
}

function Running({ progress }: { progress: string | null }) {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const started = Date.now()
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - started) / 1_000)), 1_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <div>
      <Status tone='busy'>
        Running<span aria-hidden>{seconds > 0 ? ` for ${seconds} s` : ''}</span>
      </Status>
      {progress && <p className='mt-1 line-clamp-2 text-sm text-muted'>{progress}</p>}
    </div>
  )
}
