// The service worker: the app’s shell without a network, and what reaches a device while the app is closed.
import { answerClicks } from './click.ts'
import { showPushes } from './push.ts'
import { renewSubscription } from './renew.ts'
import { keepShell } from './shell.ts'

declare const self: ServiceWorkerGlobalScope

keepShell()
showPushes()
answerClicks()
renewSubscription()

// A newer version waits until the person takes it: then the page says so.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting()
})
