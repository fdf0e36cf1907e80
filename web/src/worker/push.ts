// What is pushed, shown. Every push has to show something: browsers take the right away from whoever stays silent.
import { readMessage, show } from './notification.ts'
import { openWindows, pathOf } from './windows.ts'

declare const self: ServiceWorkerGlobalScope

export function showPushes(): void {
  self.addEventListener('push', (event) => event.waitUntil(showPush(event.data)))
}

async function showPush(data: PushMessageData | null): Promise<void> {
  const message = readMessage(data)
  if (await isWatched(message.url)) {
    // Whoever looks at it already is told nothing twice.
    const shown = await self.registration.getNotifications({ tag: message.tag })
    for (const notification of shown) notification.close()
    return
  }
  await show(message)
}

/** Its page is on the screen, in a window that has the person’s attention. */
async function isWatched(page: string): Promise<boolean> {
  const { pathname } = new URL(page, self.location.origin)
  const seen = (await openWindows()).filter((one) =>
    one.focused && one.visibilityState === 'visible'
  )
  return (await Promise.all(seen.map(pathOf))).includes(pathname)
}
