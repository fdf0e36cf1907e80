// One notification for each call, and its newest word in it. What comes in was encrypted for this device by the
// function; it is read like anything from outside all the same.
import type { PushMessage } from '../../../shared/push.ts'

declare const self: ServiceWorkerGlobalScope

/** What browsers know beyond what is typed. */
type Options = NotificationOptions & {
  actions?: { action: string; title: string }[]
  renotify?: boolean
  timestamp?: number
}

/** Where a message cannot be read: something has to be shown, and the app knows what it is. */
const UNREADABLE: PushMessage = {
  tag: 'astra',
  title: 'Astra has news for you',
  body: 'Open it to see what.',
  url: '/activity',
  quiet: false,
  asks: false,
  sent_at: '',
}

export function readMessage(data: { json(): unknown } | null): PushMessage {
  try {
    const given = data?.json()
    return isMessage(given) ? given : UNREADABLE
  } catch {
    return UNREADABLE
  }
}

function isMessage(given: unknown): given is PushMessage {
  if (typeof given !== 'object' || given === null) return false
  const message = given as Record<string, unknown>
  return ['tag', 'title', 'body', 'url', 'sent_at'].every((name) =>
    typeof message[name] === 'string'
  ) && typeof message.quiet === 'boolean' && typeof message.asks === 'boolean'
}

/** Shows it in the place of what was shown of the same call, unless that is newer. */
export async function show(message: PushMessage): Promise<void> {
  const { title, body, tag, quiet, asks, sent_at, answers } = message
  const shown = await self.registration.getNotifications({ tag })
  if (shown.some((one) => messageOf(one).sent_at > sent_at)) return
  const options: Options = {
    body,
    tag,
    data: message,
    icon: '/pwa-192x192.png',
    badge: '/pwa-64x64.png',
    silent: quiet,
    renotify: !quiet,
    requireInteraction: asks,
    actions: answers
      ? [{ action: 'approve', title: 'Approve' }, { action: 'reject', title: 'Reject' }]
      : [],
  }
  const moment = Date.parse(sent_at)
  if (Number.isFinite(moment)) options.timestamp = moment
  await self.registration.showNotification(title, options)
}

export function messageOf(notification: Notification): PushMessage {
  return isMessage(notification.data) ? notification.data : UNREADABLE
}
