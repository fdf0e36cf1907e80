// How a team's webhook is doing: on or off, tried out, what it was told last, what waits and what was given up.
import { type ReactNode, useState } from 'react'
import { Ellipsis, KeyRound, Send, Trash2 } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/dialog.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Menu, MenuItem } from '@/ui/menu.tsx'
import { Status } from '@/ui/status.tsx'
import { Switch } from '@/ui/switch.tsx'
import { Time } from '@/ui/time.tsx'
import { toast } from '@/ui/toast.tsx'
import { WebhookDeliveries } from './webhook-deliveries.tsx'
import { useSetWebhook, useTestWebhook, type Webhook } from './webhook-queries.ts'
import { lastTry, testWords } from './webhook-words.ts'

type Props = { webhook: Webhook; onSecret: (secret: string) => void }

export function WebhookState({ webhook, onSecret }: Props) {
  const test = useTestWebhook()
  const set = useSetWebhook(() => {})
  const refused = (error: Error) => toast({ tone: 'bad', text: error.message })
  const on = set.isPending ? set.variables.is_active ?? webhook.is_active : webhook.is_active
  const told = test.data ? testWords(test.data) : null
  return (
    <>
      <div className='flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-3'>
        <label className='flex min-h-11 grow items-center gap-3 text-sm'>
          <Switch
            aria-label='Webhook is on'
            checked={on}
            disabled={set.isPending}
            onCheckedChange={(is_active) =>
              set.mutate({ url: webhook.url, is_active }, { onError: refused })}
          />
          {on ? 'On' : 'Off: what waits stays'}
        </label>
        <div className='flex items-center gap-2'>
          <Button icon={<Send aria-hidden />} busy={test.isPending} onClick={() => test.mutate()}>
            Send a test
          </Button>
          <More webhook={webhook} onSecret={onSecret} />
        </div>
        <div role='status' className='w-full empty:hidden'>
          {told && (
            <Status tone={told.tone} className='items-start whitespace-normal!'>
              <span className='text-text'>{told.text}</span>
            </Status>
          )}
          {test.isError && (
            <Status tone='bad' className='items-start whitespace-normal!'>
              <span className='text-text'>{test.error.message}</span>
            </Status>
          )}
        </div>
      </div>
      <Facts webhook={webhook} />
      <WebhookDeliveries
        webhook={webhook}
        busy={set.isPending}
        onTryNow={() => set.mutate({ url: webhook.url, is_active: true }, { onError: refused })}
      />
    </>
  )
}

function Facts({ webhook }: { webhook: Webhook }) {
  const { tone, word, sentence } = lastTry(webhook)
  return (
    <dl className='grid gap-x-8 gap-y-3 border-t border-line px-4 py-3 sm:grid-cols-2'>
      <Fact name='Last try'>
        <div className='flex flex-wrap items-center gap-x-3'>
          <Status tone={tone}>{word}</Status>
          {webhook.last_tried_at && (
            <Time at={webhook.last_tried_at} className='text-sm text-muted' />
          )}
        </div>
        {sentence && <p className='text-sm'>{sentence}</p>}
      </Fact>
      <Fact name='Last delivery'>
        {webhook.last_delivered_at ? <Time at={webhook.last_delivered_at} /> : 'None yet'}
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className='text-sm text-muted'>{name}</dt>
      <dd className='text-sm'>{children}</dd>
    </div>
  )
}

function More({ webhook, onSecret }: Props) {
  const [asking, ask] = useState<'rotate' | 'remove' | null>(null)
  const close = () => ask(null)
  const set = useSetWebhook(({ secret, webhook: kept }) => {
    close()
    if (secret) onSecret(secret)
    if (!kept) toast({ tone: 'ok', text: 'The webhook is removed.' })
  })
  const refused = (error: Error) => toast({ tone: 'bad', text: error.message })
  return (
    <>
      <Menu trigger={<IconButton label='More about the webhook' icon={<Ellipsis aria-hidden />} />}>
        <MenuItem icon={<KeyRound aria-hidden />} onSelect={() => ask('rotate')}>
          New signing secret
        </MenuItem>
        <MenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => ask('remove')}>
          Remove webhook
        </MenuItem>
      </Menu>
      <ConfirmDialog
        open={asking === 'rotate'}
        onOpenChange={(open) => open || close()}
        title='Make a new signing secret?'
        confirmLabel='New secret'
        busy={set.isPending}
        onConfirm={() => set.mutate({ url: webhook.url, rotate: true }, { onError: refused })}
      >
        The old one ends at once: until your program knows the new one, it will refuse what it is
        told. Astra tries such deliveries again for most of a day.
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'remove'}
        onOpenChange={(open) => open || close()}
        title='Remove the webhook?'
        confirmLabel='Remove webhook'
        danger
        busy={set.isPending}
        onConfirm={() => set.mutate({ url: null }, { onError: refused })}
      >
        Nothing is told there any more, and what still waits to be delivered is forgotten.
      </ConfirmDialog>
    </>
  )
}
