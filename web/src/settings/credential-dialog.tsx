// Setting, replacing or removing a server's credential. What is stored is never read back.
import { type FormEvent, useState } from 'react'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { FormError } from '@/ui/field.tsx'
import { toast } from '@/ui/toast.tsx'
import { type CredentialDraft, emptyCredential, readCredential } from './credential-draft.ts'
import { CredentialFields } from './credential-fields.tsx'
import type { ServerRow } from './queries.ts'
import { useSetCredential } from './server-changes.ts'

const formId = 'credential'

export function CredentialDialog({ server, onClose }: { server: ServerRow; onClose: () => void }) {
  const save = useSetCredential(server)
  const [draft, setDraft] = useState<CredentialDraft>({
    ...emptyCredential,
    kind: server.credential_type ?? 'oauth_token',
  })
  const [attempted, setAttempted] = useState(false)
  const read = readCredential(draft)
  const done = (text: string) => () => {
    onClose()
    toast({ tone: 'ok', text })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAttempted(true)
    if (read.credential) {
      save.mutate(read.credential, {
        onSuccess: done('Saved. Test the server to see it accepted.'),
      })
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Sign-in of ${server.name}`}
      description={server.credential_type
        ? 'The credential it has now cannot be shown. A new one takes its place.'
        : 'How Astra proves to this server who asks.'}
      footer={
        <>
          {server.credential_type && (
            <Button
              className='mr-auto'
              busy={save.isPending && save.variables === null}
              onClick={() => save.mutate(null, { onSuccess: done('The credential is removed.') })}
            >
              Remove it
            </Button>
          )}
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
        <FormError>{save.error?.message}</FormError>
        <CredentialFields
          needed
          draft={draft}
          onChange={setDraft}
          problems={attempted ? read.problems : []}
        />
      </form>
    </Dialog>
  )
}
