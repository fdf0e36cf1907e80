// A notification is tapped: its call is answered there and then, or its page is opened.
import type { PushAnswered, PushDecision, PushMessage } from '../../../shared/push.ts'
import { findAddress, functionAt } from '../lib/address.ts'
import { messageOf, show } from './notification.ts'
import { go, openWindows } from './windows.ts'

declare const self: ServiceWorkerGlobalScope

export function answerClicks(): void {
  self.addEventListener('notificationclick', (event) => {
    const message = messageOf(event.notification)
    const decision = event.action === 'approve' || event.action === 'reject' ? event.action : null
    const token = decision && message.answers?.[decision]
    if (decision && token) return event.waitUntil(answer(message, { decision, token }))
    event.notification.close()
    event.waitUntil(open(message.url))
  })
}

type Answer = { decision: PushDecision; token: string }

async function answer(message: PushMessage, given: Answer): Promise<void> {
  const { answers: _, ...told } = message
  const quietly = { ...told, quiet: true, asks: false }
  await show({ ...quietly, body: 'Sending your answer …' })
  try {
    await show(await send(given))
  } catch (thrown) {
    if (thrown instanceof Refused) return await show({ ...quietly, body: thrown.message })
    // Nobody heard it: the question stands as it was.
    await show({ ...message, body: `Astra could not be reached. Try again.\n${message.body}` })
  }
}

class Refused extends Error {}

async function send({ decision, token }: Answer): Promise<PushMessage> {
  const response = await fetch(`${functionAt(await findAddress())}/push/answer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, decision }),
  })
  const body = await response.json() as PushAnswered & { error?: { message?: string } }
  if (response.ok) return body.message
  if (response.status >= 500) throw new Error('try again')
  throw new Refused(body.error?.message ?? 'Open Astra to answer.')
}

/** In a window that is open already where there is one: without reloading it, where it can. */
async function open(page: string): Promise<void> {
  const url = new URL(page, self.location.origin)
  // Never anyone else’s page, whatever a message says.
  if (url.origin !== self.location.origin) return
  const windows = await openWindows()
  const one = windows.find(({ visibilityState }) => visibilityState === 'visible') ?? windows[0]
  if (!one) return void await self.clients.openWindow(url.href)
  // Whether it comes to the front is the browser’s to say; it goes there all the same.
  await one.focus().catch(() => {})
  if (await go(one, url.pathname + url.search)) return
  // Only windows of this worker’s can be sent elsewhere.
  await one.navigate(url.href).catch(() => self.clients.openWindow(url.href))
}
