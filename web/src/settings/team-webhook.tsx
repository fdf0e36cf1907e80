// Where another program is told of calls in the background: the address, whether it is on, and how it goes. For admins.
import { type FormEvent, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { CallError } from '@/lib/call.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { Field, FormError } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Card } from '@/ui/page.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toast.tsx'
import { plain } from './masked.ts'
import { asAddress } from './server-source.ts'
import { SecretDialog } from './webhook-secret.tsx'
import { WebhookState } from './webhook-state.tsx'
import { useSetWebhook, type Webhook, webhookQuery } from './webhook-queries.ts'

export function TeamWebhook() {
  const { team_id } = useTeam()
  const webhook = useQuery(webhookQuery(team_id))
  const [secret, setSecret] = useState<string | null>(null)
  if (webhook.isPending) return <Skeleton className='h-32 rounded-card' />
  if (webhook.isError && webhook.data === undefined) {
    return (
      <FailedState
        title='The webhook could not be read'
        error={webhook.error}
        onRetry={() => void webhook.refetch()}
      />
    )
  }
  const kept = webhook.data ?? null
  return (
    <>
      <p className='mb-3 text-sm text-muted'>
        When a call in the background ends, Astra can tell a program of yours: which tool, how it
        ended, and how long it took. Never its arguments or its result.
      </p>
      <Card>
        <AddressForm key={kept?.url ?? ''} webhook={kept} onSecret={setSecret} />
        {kept && <WebhookState webhook={kept} onSecret={setSecret} />}
      </Card>
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </>
  )
}

type FormProps = { webhook: Webhook | null; onSecret: (secret: string) => void }

function AddressForm({ webhook, onSecret }: FormProps) {
  const [typed, setTyped] = useState(webhook?.url ?? '')
  const [problem, setProblem] = useState<string | null>(null)
  const set = useSetWebhook(({ secret }) => {
    toast({ tone: 'ok', text: 'The webhook is saved.' })
    if (secret) onSecret(secret)
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const address = asAddress(typed.trim())
    setProblem(address ? null : 'Write an address: https://…')
    if (address) set.mutate({ url: address.href })
  }
  const refused = set.error instanceof CallError
    ? set.error.problems.find(({ path }) => path === 'url')?.message ?? null
    : null
  const changed = typed.trim() !== (webhook?.url ?? '')
  return (
    <form noValidate onSubmit={submit} className='flex flex-col gap-3 p-4'>
      <FormError>{refused ? null : set.error?.message}</FormError>
      <Field
        label='Address'
        error={problem ?? refused}
        hint={webhook && changed
          ? 'Another address gets another signing secret, shown once.'
          : 'Deliveries follow Standard Webhooks and are signed.'}
      >
        {(control) => (
          <div className='flex flex-wrap gap-2'>
            <Input
              {...control}
              {...plain}
              className='min-w-0 grow basis-56'
              inputMode='url'
              placeholder='https://example.com/hooks/astra'
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value)
                setProblem(null)
                set.reset()
              }}
            />
            {(!webhook || changed) && (
              <Button
                type='submit'
                look='primary'
                busy={set.isPending}
                disabled={!typed.trim()}
              >
                {webhook ? 'Save address' : 'Add webhook'}
              </Button>
            )}
          </div>
        )}
      </Field>
    </form>
  )
}
