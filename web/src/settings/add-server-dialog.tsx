// Adding a server: paste, add, test step by step, read its tools. It ends with proof, or with the step that failed.
import { useState } from 'react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Server } from '@shared/server.ts'
import { call, CallError } from '@/lib/call.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { AddServerForm } from './add-server-form.tsx'
import { CheckRemedy } from './check-remedy.tsx'
import { CheckView } from './check-view.tsx'
import { serverQuery } from './queries.ts'
import { useRefresh } from './server-changes.ts'
import { emptyDraft, readServer, withKeyMoved } from './server-draft.ts'
import { type Check, useCheck } from './use-check.ts'

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
    const settled = withKeyMoved(draft)
    setDraft(settled)
    const { input } = readServer(settled)
    if (input) add.mutate(input)
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

function CheckDialog({ server: added, onClose }: { server: Server; onClose: () => void }) {
  const { team_id } = useTeam()
  const server = useQuery(serverQuery(team_id, added.id)).data ?? added
  const { state, retry } = useCheck(server.id, { sync: true })
  const navigate = useNavigate()
  const page = { to: '/settings/servers/$serverId', params: { serverId: server.id } } as const
  const over = state.phase === 'over'
  return (
    <Dialog
      open
      wide
      reading
      onOpenChange={(next) => next || onClose()}
      title={over ? title(server.name, state) : `Testing ${server.name}`}
      footer={!over ? <Button onClick={onClose}>Close</Button> : (
        <>
          {!state.synced && <Button onClick={retry}>Test again</Button>}
          {!state.synced && <Button onClick={onClose}>Leave it for later</Button>}
          <Button
            look={state.wantsSignIn ? 'secondary' : 'primary'}
            onClick={() => void navigate(page)}
          >
            {state.synced ? 'See its tools' : 'Change its settings'}
          </Button>
        </>
      )}
    >
      <CheckView
        state={state}
        remedy={
          <CheckRemedy
            server={server}
            state={state}
            returnTo={`/settings/servers/${server.id}`}
            onSaved={retry}
          />
        }
      />
    </Dialog>
  )
}

function title(name: string, { synced, wantsSignIn }: Check): string {
  if (synced) return `${name} is ready`
  return wantsSignIn ? `${name} wants a sign-in` : `${name} is added, but does not work yet`
}
