// Setting or replacing a credential, the team's or one's own. What is stored is never read back.
import { type FormEvent, useState } from 'react'
import type { Account } from '@shared/execution.ts'
import { CallError } from '@/lib/call.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { FormError } from '@/ui/field.tsx'
import { toast } from '@/ui/toast.tsx'
import type { Held } from './account-state.ts'
import { type CredentialDraft, emptyCredential, readCredential } from './credential-draft.ts'
import { CredentialFields, typedKinds } from './credential-fields.tsx'
import type { ServerRow } from './queries.ts'
import { useSetCredential } from './server-changes.ts'

const formId = 'credential'

type Props = {
  server: ServerRow
  account: Account
  held: Held | null
  onClose: () => void
  onSaved?: () => void
}

export function CredentialDialog({ server, account, held, onClose, onSaved }: Props) {
  const save = useSetCredential(server)
  const [draft, setDraft] = useState<CredentialDraft>({
    ...emptyCredential,
    kind: held && held.credential_type !== 'oauth' ? held.credential_type : 'oauth_token',
  })
  const [attempted, setAttempted] = useState(false)
  const read = readCredential(draft)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAttempted(true)
    if (!read.credential) return
    save.mutate({ credential: read.credential, account }, {
      onSuccess: () => {
        onClose()
        if (onSaved) onSaved()
        else toast({ tone: 'ok', text: savedWords(account, server.name) })
      },
    })
  }
  const refused = save.error instanceof CallError ? save.error.problems : []
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={account === 'team'
        ? `Team’s account at ${server.name}`
        : `Your account at ${server.name}`}
      description={descriptionOf(account, held)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type='submit' form={formId} look='primary' busy={save.isPending}>Save</Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={submit} className='flex flex-col gap-4'>
        <FormError>{refused.length === 0 && save.error?.message}</FormError>
        <CredentialFields
          kinds={typedKinds}
          draft={draft}
          onChange={setDraft}
          problems={attempted ? [...read.problems, ...refused] : []}
        />
      </form>
    </Dialog>
  )
}

function descriptionOf(account: Account, held: Held | null): string {
  if (held) return 'What is there now cannot be shown. This takes its place.'
  return account === 'team'
    ? 'How Astra proves to this server that your team asks.'
    : 'How Astra proves to this server that you ask. Only your own calls use it.'
}

function savedWords(account: Account, name: string): string {
  return account === 'team'
    ? 'Saved. Test the server to see it accepted.'
    : `Saved. Your calls to ${name} use it from now on.`
}
