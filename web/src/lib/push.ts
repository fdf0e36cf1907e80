// Being told on this device while the app is closed. Asks the browser only after the person did; what the device
// is called at the function is kept here, so that signing out can end it.
import { call, CallError } from './call.ts'
import { forget, keep, keptJson } from './kept.ts'
import { needsIosHint } from './install.ts'

/**
 * `unsupported`: this browser cannot. `install_first`: it can once the app is on the home screen. `blocked`: the
 * person said no to the browser, and only its own settings undo that.
 */
export type PushState = 'unsupported' | 'install_first' | 'blocked' | 'off' | 'on'

type Kept = { id: string; team_id: string; endpoint: string }
const KEPT = 'device'

export const thisDevice = (): Kept | null => keptJson<Kept>(KEPT)

export async function pushState(): Promise<PushState> {
  const able = 'PushManager' in globalThis && 'Notification' in globalThis && await worker()
  if (!able) return needsIosHint() ? 'install_first' : 'unsupported'
  if (Notification.permission === 'denied') return 'blocked'
  return Notification.permission === 'granted' && thisDevice() && await subscription()
    ? 'on'
    : 'off'
}

/** Throws an Error with a sentence for the person. `public_key`: what the function signs with. */
export async function switchOn(team_id: string, public_key: string): Promise<void> {
  if (await Notification.requestPermission() !== 'granted') {
    throw new Error('Your browser was told not to show notifications of Astra.')
  }
  await add(team_id, await subscribe(public_key))
}

export async function switchOff(): Promise<void> {
  const kept = thisDevice()
  await (await subscription())?.unsubscribe()
  forget(KEPT)
  await closeAll()
  if (kept) await remove(kept)
}

/** What is still on the screen shows a person’s calls, and could answer them. */
async function closeAll(): Promise<void> {
  const shown = await (await worker())?.getNotifications() ?? []
  for (const notification of shown) notification.close()
}

/** On signing out, with or without a network: what is sent here from now on reaches nobody. */
export async function endHere(): Promise<void> {
  const enough = new Promise<void>((resolve) => setTimeout(resolve, 3_000))
  await Promise.race([switchOff().catch(() => {}), enough])
}

/** The browser may have replaced its subscription, or the function its keys: then the device is added anew. */
export async function refresh(team_id: string): Promise<void> {
  const kept = thisDevice()
  if (!kept || !await worker()) return
  if (Notification.permission !== 'granted') return await switchOff()
  const { public_key, devices } = await call('get_push', { team_id })
  // Removed from another device, or nothing is pushed any more: it stays off.
  if (!public_key || !devices.some(({ id }) => id === kept.id)) return await switchOff()
  const now = await subscription()
  const same = now && isFor(now, public_key)
  if (same && now.endpoint === kept.endpoint) return
  await add(team_id, same ? now : await subscribe(public_key))
  if (thisDevice()?.id !== kept.id) await remove(kept)
}

async function add(team_id: string, given: PushSubscription): Promise<void> {
  const { endpoint, keys } = given.toJSON() as { endpoint: string; keys: Keys }
  const input = { team_id, endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } }
  const { device } = await call('add_device', { ...input, label: deviceName(navigator.userAgent) })
  keep(KEPT, { id: device.id, team_id, endpoint } satisfies Kept)
}

type Keys = { p256dh: string; auth: string }

async function remove({ id, team_id }: Kept): Promise<void> {
  await call('remove_device', { team_id, device_id: id }).catch((thrown: unknown) => {
    // Gone already, or its team is: either way it is told nothing.
    if (!(thrown instanceof CallError)) throw thrown
  })
}

async function subscribe(public_key: string): Promise<PushSubscription> {
  const registration = await worker()
  if (!registration) throw new Error('This browser cannot be told while the app is closed.')
  const held = await registration.pushManager.getSubscription()
  if (held && isFor(held, public_key)) return held
  await held?.unsubscribe()
  try {
    return await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: public_key,
    })
  } catch {
    throw new Error('Your browser’s push service could not be reached. Try again in a while.')
  }
}

/** The first visit installs it; where none comes, as while developing, nothing can be pushed. */
async function worker(): Promise<ServiceWorkerRegistration | null> {
  if (!navigator.serviceWorker) return null
  const none = new Promise<null>((resolve) => setTimeout(() => resolve(null), 10_000))
  return await Promise.race([navigator.serviceWorker.ready, none])
}

async function subscription(): Promise<PushSubscription | null> {
  return await (await worker())?.pushManager.getSubscription() ?? null
}

function isFor({ options }: PushSubscription, public_key: string): boolean {
  const held = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0))
  const text = btoa(String.fromCharCode(...held))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') === public_key
}

/** As a person would call it: “Chrome on Android”. The first that fits; browsers name what they descend from. */
export function deviceName(agent: string): string {
  const browser = [
    ['Edg', 'Edge'],
    ['OPR', 'Opera'],
    ['SamsungBrowser', 'Samsung Internet'],
    ['Firefox', 'Firefox'],
    ['FxiOS', 'Firefox'],
    ['CriOS', 'Chrome'],
    ['Chrome', 'Chrome'],
    ['Safari', 'Safari'],
  ].find(([mark]) => agent.includes(mark!))?.[1] ?? 'A browser'
  const system = [
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Android', 'Android'],
    ['CrOS', 'ChromeOS'],
    ['Windows', 'Windows'],
    ['Macintosh', 'Mac'],
    ['Linux', 'Linux'],
  ].find(([mark]) => agent.includes(mark!))?.[1]
  return system ? `${browser} on ${system}` : browser
}
