// The service worker: the app’s shell without a network, and what reaches a device while the app is closed.
import { keepShell } from './shell.ts'

declare const self: ServiceWorkerGlobalScope

keepShell()

// A newer version waits until the person takes it: then the page says so.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting()
})
