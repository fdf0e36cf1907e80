// Changing a server's name, description or address. A new host asks for a new credential: the function insists.
import { type FormEvent, useState } from 'react'
import { CallError } from '@/lib/call.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { Field, FormError } from '@/ui/field.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { toast } from '@/ui/toast.tsx'
import type { ServerRow } from './queries.ts'
import { ReplicasField } from './replicas-field.tsx'
import { useUpdateServer } from './server-changes.ts'
import { readReplicas, replicaProblem, replicasOf } from './server-replicas.ts'
import { asAddress } from './server-source.ts'

const formId = 'edit-server'

type Draft = { name: string; description: string; url: string; replicas: string }
type Problems = { name: string | null; url: string | null; replicas: string | null }

type Props = { server: ServerRow; onClose: () => void; onSaved?: () => void }

export function EditServerDialog({ server, onClose, onSaved }: Props) {
  const update = useUpdateServer(server)
  const [draft, setDraft] = useState<Draft>({
    name: server.name,
    description: server.description ?? '',
    url: String(server.config.url ?? ''),
    replicas: replicasOf(server).join('\n'),
  })
  const [problems, setProblems] = useState<Problems>(noProblems)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = problemsOf(draft, server)
    setProblems(found)
    if (found.name || found.url || found.replicas) return
    const changes = changesOf(draft, server)
    update.mutate(changes, {
      onSuccess: () => {
        onClose()
        onSaved?.()
        const moved = changes.config && !onSaved
        toast({ tone: 'ok', text: moved ? 'Saved. Test it where it is now.' : 'Saved.' })
      },
    })
  }
  const refused = update.error instanceof CallError ? update.error.problems : []
  const refusedUrl = refused.find(({ path }) => path === 'config.url')?.message ?? null
  const refusedReplica = replicaProblem(refused)
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Edit ${server.name}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type='submit' form={formId} look='primary' busy={update.isPending}>Save</Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={submit} className='flex flex-col gap-4'>
        <FormError>{refusedUrl || refusedReplica ? null : update.error?.message}</FormError>
        <Fields
          draft={draft}
          onChange={setDraft}
          problems={{
            ...problems,
            url: problems.url ?? refusedUrl,
            replicas: problems.replicas ?? refusedReplica,
          }}
          hasUrl={server.server_type !== 'stdio'}
        />
      </form>
    </Dialog>
  )
}

const noProblems: Problems = { name: null, url: null, replicas: null }

function problemsOf(draft: Draft, server: ServerRow): Problems {
  const url = server.server_type === 'stdio' || asAddress(draft.url.trim()) !== null
  const { problem } = readReplicas(draft.replicas, draft.url)
  return {
    name: draft.name.trim() ? null : 'Give it a name',
    url: url ? null : 'Write an address: https://…',
    replicas: server.server_type === 'stdio' ? null : problem,
  }
}

/** Addresses only where one changed: with new ones Astra forgets what it knew of the old. */
function changesOf(draft: Draft, server: ServerRow) {
  const address = server.server_type === 'stdio' ? null : asAddress(draft.url.trim())
  const { replicas } = readReplicas(draft.replicas, address?.href ?? '')
  const moved = address !== null &&
    [address.href, ...replicas].join() !== [server.config.url, ...replicasOf(server)].join()
  return {
    name: draft.name.trim(),
    description: draft.description.trim() || null,
    ...(moved && { config: { url: address.href, ...(replicas.length > 0 && { replicas }) } }),
  }
}

type FieldsProps = {
  draft: Draft
  onChange: (draft: Draft) => void
  problems: Problems
  hasUrl: boolean
}

function Fields({ draft, onChange, problems, hasUrl }: FieldsProps) {
  return (
    <>
      <Field label='Name' error={problems.name} required>
        {(control) => (
          <Input
            {...control}
            autoComplete='off'
            maxLength={80}
            value={draft.name}
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
          />
        )}
      </Field>
      {hasUrl && (
        <Field label='Address' error={problems.url} required>
          {(control) => (
            <Input
              {...control}
              inputMode='url'
              autoComplete='off'
              autoCapitalize='off'
              spellCheck={false}
              value={draft.url}
              onChange={(event) => onChange({ ...draft, url: event.target.value })}
            />
          )}
        </Field>
      )}
      {hasUrl && (
        <ReplicasField
          value={draft.replicas}
          onChange={(replicas) => onChange({ ...draft, replicas })}
          problem={problems.replicas}
        />
      )}
      <Field label='Description' required={false} hint='What your team uses it for.'>
        {(control) => (
          <Textarea
            {...control}
            maxLength={2_000}
            value={draft.description}
            onChange={(event) => onChange({ ...draft, description: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}
