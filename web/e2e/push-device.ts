// A device that is told things, for journeys. Everything is the real thing but the push service between: headless
// Chromium reaches none, so the page's subscription is at a service of the journey's own. What arrives there was
// encrypted by the function; it is opened with the browser's secrets and handed to the service worker by the
// DevTools protocol, as a push service would.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type BrowserContext, type Page, type Worker } from 'playwright-core'
import { inject } from 'vitest'
import type { PushMessage } from '../../shared/push.ts'
import {
  type Browser,
  openPush,
  startSubscription,
} from '../../supabase/tests/upstreams/push-browser.ts'

type Arrived = { path: string; body: Buffer }
const arrived: Arrived[] = []
let wake: (() => void)[] = []

/** One push service for all the journeys of a file. */
export async function startPushService(): Promise<() => void> {
  const { hostname, port } = new URL(inject('pushes'))
  const server = createServer((asked, answer) => {
    const parts: Buffer[] = []
    asked.on('data', (part: Buffer) => parts.push(part))
    asked.on('end', () => {
      arrived.push({ path: asked.url!, body: Buffer.concat(parts) })
      answer.writeHead(201).end()
      for (const one of wake.splice(0)) one()
    })
  }).listen(Number(port), hostname)
  await once(server, 'listening')
  return () => {
    server.closeAllConnections()
    server.close()
  }
}

/** Lets this page subscribe, at the journey's own service. Before it is asked to. */
export async function subscribable(page: Page): Promise<Browser> {
  const browser = startSubscription(`${inject('pushes')}/${crypto.randomUUID()}`)
  const context = page.context()
  await context.grantPermissions(['notifications'], { origin: inject('url') })
  await context.addInitScript(standIn, browser.subscription)
  await page.reload()
  await page.evaluate(async () => void await navigator.serviceWorker.ready)
  return browser
}

type Given = Browser['subscription']

/** In the page: as Chromium’s own, kept as Chromium keeps it. */
function standIn(given: Given): void {
  const mark = 'stand-in of a subscription'
  const made = (key: string) => {
    const bytes = Uint8Array.from(
      atob(key.replaceAll('-', '+').replaceAll('_', '/')),
      (char) => char.charCodeAt(0),
    )
    return {
      endpoint: given.endpoint,
      options: { userVisibleOnly: true, applicationServerKey: bytes.buffer },
      toJSON: () => ({ ...given, expirationTime: null }),
      unsubscribe: () => {
        localStorage.removeItem(mark)
        return Promise.resolve(true)
      },
    }
  }
  Object.assign(PushManager.prototype, {
    subscribe: ({ applicationServerKey }: { applicationServerKey: string }) => {
      localStorage.setItem(mark, applicationServerKey)
      return Promise.resolve(made(applicationServerKey))
    },
    getSubscription: () => {
      const key = localStorage.getItem(mark)
      return Promise.resolve(key === null ? null : made(key))
    },
  })
}

/** The so-manieth message that reached this browser’s push service, opened with its secrets. */
export async function pushed(browser: Browser, count: number): Promise<PushMessage> {
  const { pathname } = new URL(browser.subscription.endpoint)
  for (;;) {
    const mine = arrived.filter(({ path }) => path === pathname)
    if (mine.length >= count) return openPush(browser, mine[count - 1]!.body)
    await new Promise<void>((resolve) => wake.push(resolve))
  }
}

/** Hands a message to the service worker, by any page of its browser: one of the app or not. */
export async function deliver(page: Page, message: PushMessage): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const registered = new Promise<string>((resolve) =>
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL, isDeleted }) =>
        scopeURL.startsWith(inject('url')) && !isDeleted
      )
      if (ours) resolve(ours.registrationId)
    })
  )
  await devtools.send('ServiceWorker.enable')
  await devtools.send('ServiceWorker.deliverPushMessage', {
    origin: inject('url'),
    registrationId: await registered,
    data: JSON.stringify(message),
  })
  await devtools.detach()
}

export async function workerOf(context: BrowserContext): Promise<Worker> {
  const isOurs = (worker: Worker) => worker.url().startsWith(inject('url'))
  return context.serviceWorkers().find(isOurs) ??
    await context.waitForEvent('serviceworker', { predicate: isOurs })
}

/** What a service worker has that a page does not. */
type InWorker = {
  registration: ServiceWorkerRegistration
  NotificationEvent: new (type: string, given: object) => Event
}

export type Shown = { title: string; body: string; tag: string; actions: string[] }

/** What is shown, as the browser itself keeps it. */
export function shownBy(worker: Worker): Promise<Shown[]> {
  return worker.evaluate(async () => {
    const { registration } = self as unknown as InWorker
    const all = await registration.getNotifications()
    return all.map((one) => ({
      title: one.title,
      body: one.body,
      tag: one.tag,
      actions: (one as unknown as { actions: { title: string }[] }).actions.map(({ title }) =>
        title
      ),
    }))
  })
}

/** Waits until a notification of this title is shown. */
export async function notification(worker: Worker, title: string): Promise<Shown> {
  for (let look = 0; look < 200; look++) {
    const found = (await shownBy(worker)).find((one) => one.title === title)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`“${title}” is not shown, but ${JSON.stringify(await shownBy(worker))}`)
}

/**
 * Taps a button of a notification. Nothing outside the browser can: the event is made in the worker, for the
 * notification that is shown, and reaches the worker’s own listener. Only what a made event may not do, keep the
 * worker awake, is done for it: what it waits for is waited for here.
 */
export function tap(worker: Worker, tag: string, action: string): Promise<void> {
  return worker.evaluate(async ({ tag, action }) => {
    const { registration, NotificationEvent } = self as unknown as InWorker
    const [shown] = await registration.getNotifications({ tag })
    if (!shown) throw new Error('there is no such notification')
    const event = new NotificationEvent('notificationclick', { notification: shown, action })
    const work: Promise<unknown>[] = []
    Object.defineProperty(event, 'waitUntil', {
      value: (one: Promise<unknown>) => void work.push(one),
    })
    self.dispatchEvent(event)
    await Promise.all(work)
  }, { tag, action })
}
