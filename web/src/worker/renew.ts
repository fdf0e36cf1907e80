// The browser gives this device another subscription, which happens with no page open: it shows the old one as
// proof that it is the same device. Where it cannot, the app adds the device anew when it is next opened.
import type { Subscription } from '../../../shared/push.ts'
import { findAddress, functionAt } from '../lib/address.ts'

declare const self: ServiceWorkerGlobalScope

type Change = ExtendableEvent & {
  oldSubscription?: PushSubscription | null
  newSubscription?: PushSubscription | null
}

export function renewSubscription(): void {
  self.addEventListener('pushsubscriptionchange', (event) => {
    const change = event as Change
    change.waitUntil(renew(change))
  })
}

async function renew({ oldSubscription: old, newSubscription }: Change): Promise<void> {
  const applicationServerKey = old?.options.applicationServerKey
  if (!old || !applicationServerKey) return
  const now = newSubscription ??
    await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
  const { endpoint, keys } = old.toJSON() as Subscription
  const renewed = now.toJSON() as Subscription
  await fetch(`${functionAt(await findAddress())}/push/moved`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      old: { endpoint, auth: keys.auth },
      now: { endpoint: renewed.endpoint, keys: renewed.keys },
    }),
  })
}
