// Changing a server's name, description or address. A new host asks for a new credential: the function insists.
import { type FormEvent, useState } from 'react'
import { CallError } from '@/lib/call.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { Field, FormError } from '@/ui/field.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { toast } from '@/ui/toast.tsx'
import type { ServerRow } from './queries.ts'
import { useUpdateServer } from './server-changes.ts'
import { asAddress } from './server-source.ts'

const formId = 'edit-server'

export function EditServerDialog({ server, onClose }: { server: ServerRow; onClose: () => void }) {
  const update = useUpdateServer(server)
  const [name, setName] = useState(server.name)
  const [description, setDescription] = useState(server.description ?? '')
  const [url, setUrl] = useState(String(server.config.url ?? ''))
  const [attempted, setAttempted] = useState(false)
  const hasUrl = server.server_type !== 'stdio'
  const address = asAddress(url.trim())
  const nameProblem = name.trim() ? null : 'Give it a name'
  const urlProblem = hasUrl && !address ? 'Write an address: https://…' : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAttempted(true)
    if (nameProblem || urlProblem) return
    const moved = address && address.href !== server.config.url
    update.mutate({
      name: name.trim(),
      description: description.trim() || null,
      ...(hasUrl && moved && { config: { url: address.href } }),
    }, {
      onSuccess: () => {
        onClose()
        toast({ tone: 'ok', text: moved ? 'Saved. Test it at its new address.' : 'Saved.' })
      },
    })
  }
  const refused = update.error instanceof CallError ? update.error.problems : []
  const refusedUrl = refused.find(({ path }) => path === 'config.url')?.message
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
        <FormError>{refusedUrl ? null : update.error?.message}</FormError>
        <Field label='Name' error={attempted ? nameProblem : null} required>
          {(control) => (
            <Input
              {...control}
              autoComplete='off'
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {hasUrl && (
          <Field label='Address' error={refusedUrl ?? (attempted ? urlProblem : null)} required>
            {(control) => (
              <Input
                {...control}
                inputMode='url'
                autoComplete='off'
                autoCapitalize='off'
                spellCheck={false}
                value={url}
                onChange={(event) => setUrl(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field label='Description' required={false} hint='What your team uses it for.'>
          {(control) => (
            <Textarea
              {...control}
              maxLength={2_000}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
