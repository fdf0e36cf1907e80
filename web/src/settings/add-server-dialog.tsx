// Adding a server: paste, add, test step by step, read its tools. It ends with proof, or with the step that failed.
import { useState } from 'react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Server } from '@shared/server.ts'
import { call, CallError } from '@/lib/call.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { AddServerForm } from './add-server-form.tsx'
import { CheckView } from './check-view.tsx'
import { useRefresh } from './server-changes.ts'
import { emptyDraft, readServer } from './server-draft.ts'
import { useCheck } from './use-check.ts'

const formId = 'add-server'

export function AddServerDialog({ onClose }: { onClose: () => void }) {
  const [added, setAdded] = useState<Server | null>(null)
  if (added) return <CheckDialog server={added} onClose={onClose} />
  return <FormDialog onAdded={setAdded} onClose={onClose} />
}

type FormProps = { onAdded: (server: Server) => void; onClose: () => void }

function FormDialog({ onAdded, onClose }: FormProps) {
  const { team_id } = useTeam()
  const refresh = useRefresh()
  const [draft, setDraft] = useState(emptyDraft)
  const [attempted, setAttempted] = useState(false)
  const add = useMutation({
    mutationFn: (input: NonNullable<ReturnType<typeof readServer>['input']>) =>
      call('add_server', { team_id, ...input }),
    onSuccess: ({ server }) => {
      onAdded(server)
      void refresh()
    },
    gcTime: 0,
  })
  const read = readServer(draft)
  const submit = () => {
    setAttempted(true)
    if (read.input) add.mutate(read.input)
  }
  const refused = add.error instanceof CallError ? add.error.problems : []
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title='Add a server'
      description='Any MCP server: its address is enough to begin.'
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type='submit' form={formId} look='primary' busy={add.isPending}>
            Add and test
          </Button>
        </>
      }
    >
      <AddServerForm
        id={formId}
        draft={draft}
        onChange={(next) => {
          setDraft(next)
          if (!add.isPending) add.reset()
        }}
        onSubmit={submit}
        problems={attempted ? [...read.problems, ...refused] : []}
        error={add.error && refused.length === 0 ? add.error.message : null}
      />
    </Dialog>
  )
}

function CheckDialog({ server, onClose }: { server: Server; onClose: () => void }) {
  const { state, retry } = useCheck(server.id, { sync: true })
  const navigate = useNavigate()
  const open = () =>
    void navigate({ to: '/settings/servers/$serverId', params: { serverId: server.id } })
  return (
    <Dialog
      open
      wide
      onOpenChange={(next) => next || onClose()}
      title={state.running ? `Testing ${server.name}` : title(server.name, state.synced !== null)}
      footer={state.running ? <Button onClick={onClose}>Close</Button> : (
        <>
          {!state.synced && <Button onClick={retry}>Test again</Button>}
          {!state.synced && <Button onClick={onClose}>Leave it for later</Button>}
          <Button look='primary' onClick={open}>
            {state.synced ? 'See its tools' : 'Change its settings'}
          </Button>
        </>
      )}
    >
      <CheckView state={state} />
    </Dialog>
  )
}

function title(name: string, works: boolean): string {
  return works ? `${name} is ready` : `${name} is added, but does not work yet`
}
