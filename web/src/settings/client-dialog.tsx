// The client that sign-ins at a server use, where its makers want one registered by hand. Never read back.
import { type FormEvent, useState } from 'react'
import { CallError } from '@/lib/call.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { FormError } from '@/ui/field.tsx'
import { toast } from '@/ui/toast.tsx'
import { type CredentialDraft, emptyCredential, readClient } from './credential-draft.ts'
import { ClientFields } from './client-fields.tsx'
import type { ServerRow } from './queries.ts'
import { useSetClient } from './server-changes.ts'

const formId = 'sign-in-client'

export function ClientDialog({ server, onClose }: { server: ServerRow; onClose: () => void }) {
  const save = useSetClient(server)
  const [draft, setDraft] = useState<CredentialDraft>({ ...emptyCredential, kind: 'oauth' })
  const [attempted, setAttempted] = useState(false)
  const { client, problems } = readClient(draft)
  const missing = client || problems.length > 0
    ? problems
    : [{ path: 'credential.client_id', message: 'Write the client’s id' }]
  const done = (text: string) => () => {
    onClose()
    toast({ tone: 'ok', text })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAttempted(true)
    if (client) save.mutate(client, { onSuccess: done('Saved. The next sign-in uses it.') })
  }
  const refused = save.error instanceof CallError ? save.error.problems : []
  const errorOf = (path: string) =>
    (attempted ? missing : []).find((problem) => problem.path === `credential.${path}`)?.message ??
      refused.find((problem) => problem.path === `oauth_client.${path}`)?.message
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Client for sign-ins at ${server.name}`}
      description='Only where its makers want one registered by hand. Most servers do without. One that is set already cannot be shown; this takes its place.'
      footer={
        <>
          <Button
            className='mr-auto'
            busy={save.isPending && save.variables === null}
            onClick={() =>
              save.mutate(null, { onSuccess: done('Forgotten. Sign-ins register by themselves.') })}
          >
            Forget it
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type='submit'
            form={formId}
            look='primary'
            busy={save.isPending && save.variables !== null}
          >
            Save
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={submit} className='flex flex-col gap-4'>
        <FormError>{refused.length === 0 && save.error?.message}</FormError>
        <ClientFields draft={draft} onChange={setDraft} errorOf={errorOf} secretNeeded={false} />
      </form>
    </Dialog>
  )
}
