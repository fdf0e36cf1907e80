// The devices a person wants to be told on. What reaches one is written here and read nowhere else but
// where it is sent to: no answer holds an endpoint or a key.
import type { Context } from 'hono'
import type { Device } from '../../../shared/device.ts'
import { pushMoved, type Subscription } from '../../../shared/push.ts'
import type { Handler } from './actions.ts'
import type { App } from './app.ts'
import { read } from './db.ts'
import type { PushSettings } from './env.ts'
import { AppError, parseInput, readJson, type Variables } from './http.ts'
import { judgeAddress } from './mcp/address.ts'
import { encrypted, push, type Pushed } from './push-sending.ts'

export const getPush: Handler<'get_push'> = async ({ app, as }) => ({
  public_key: app.settings.push?.publicKey ?? null,
  devices: await read<Device[]>(
    app.db.as(as).from('devices').select('id,label,created_at,reached_at')
      .eq('user_id', as.user_id).order('created_at', { ascending: false }),
  ),
})

/** Throws AppError `unsupported` where nothing is pushed, `invalid_request`, `conflict` for a device that is not theirs to take. */
export const addDevice: Handler<'add_device'> = async ({ app, as, input }) => {
  const { endpoint, keys, label } = input
  pushSettings(app)
  await refuseUnusable(app, { endpoint, keys })
  const added = await read<Device | { refused: string }>(app.db.service.rpc('add_device', {
    p_user_id: as.user_id,
    p_endpoint: endpoint,
    p_p256dh: keys.p256dh,
    p_auth: keys.auth,
    p_label: label,
  }))
  if ('refused' in added) throw new AppError('conflict', 'This device is known with other keys.')
  return { device: added }
}

export const removeDevice: Handler<'remove_device'> = async ({ app, as, input }) => {
  const removed = await read<unknown[]>(
    app.db.service.from('devices').delete()
      .eq('id', input.device_id).eq('user_id', as.user_id).select('id'),
  )
  return { removed: removed.length > 0 }
}

type Reached = { endpoint: string; p256dh: string; auth: string }

/** Throws AppError `not_found` for what is missing and for what is someone else's, `unsupported`. */
export const testDevice: Handler<'test_device'> = async ({ app, as, input }) => {
  const settings = pushSettings(app)
  const { device_id } = input
  const [found] = await read<Reached[]>(
    app.db.service.from('devices').select('endpoint,p256dh,auth')
      .eq('id', device_id).eq('user_id', as.user_id),
  )
  if (!found) throw new AppError('not_found', 'No such device of yours.')
  const { endpoint, ...keys } = found
  const message = {
    tag: device_id,
    title: 'Astra reaches this device',
    body: 'It says so here when a call waits for you or has ended.',
    // Not where it is asked for: whoever looks at a page is told nothing of it.
    url: '/chat',
    quiet: false,
    asks: false,
    sent_at: new Date().toISOString(),
  }
  const sent = await push({ fetch: app.webhookFetch, settings }, { endpoint, keys }, {
    message,
    ttl_seconds: 60,
    urgency: 'high',
  })
  const devices = app.db.service.from('devices')
  if (sent.outcome === 'gone') await read(devices.delete().eq('id', device_id))
  if (sent.outcome === 'taken') {
    await read(devices.update({ reached_at: message.sent_at, failures: 0 }).eq('id', device_id))
  }
  return { taken: sent.outcome === 'taken', message: sentence(sent) }
}

function sentence({ outcome, status }: Pushed): string {
  const said = status === null ? 'could not be reached' : `answered ${status}`
  switch (outcome) {
    case 'taken':
      return 'Sent. It should be on this device in a moment.'
    case 'gone':
      return 'This device no longer wants to be told, so it was removed. Switch it on again there.'
    case 'refused':
      return `Its push service refuses messages of this Astra (it ${said}).`
    case 'later':
      return `Its push service ${said}. Try again later.`
  }
}

/**
 * POST /push/moved: a browser renews its subscription while no page is open to sign in with. It shows the old
 * one, with the secret that only it and we know. Answers the same whatever it was: nobody learns here what exists.
 */
export function pushMovedDoor(app: App): (c: Context<Variables>) => Promise<Response> {
  return async (c) => {
    c.header('Cache-Control', 'no-store')
    const { old, now } = parseInput(pushMoved, await readJson(c.req.raw, MOVED_LIMIT))
    await refuseUnusable(app, now)
    await read(app.db.service.rpc('move_device', {
      p_endpoint: old.endpoint,
      p_auth: old.auth,
      p_to_endpoint: now.endpoint,
      p_to_p256dh: now.keys.p256dh,
      p_to_auth: now.keys.auth,
    }))
    return c.json({ ok: true })
  }
}

const MOVED_LIMIT = 8_192

function pushSettings({ settings }: App): PushSettings {
  if (settings.push) return settings.push
  const message =
    'This Astra tells no devices: whoever runs it has not set up push messages (ASTRA_VAPID_KEYS).'
  throw new AppError('unsupported', message)
}

/** Throws AppError `invalid_request` for an address we would never call, or keys that encrypt nothing. */
async function refuseUnusable(app: App, { endpoint, keys }: Subscription): Promise<void> {
  const address = judgeAddress(endpoint, app.settings.allowedPrivateHosts)
  if (!address.allowed) refuse('endpoint', address.message)
  // As browsers write them: one byte for each character.
  if (!/^[\x21-\x7e]+$/.test(endpoint)) refuse('endpoint', 'is not a web address')
  const usable = await encrypted({ endpoint, keys }, null).then(() => true, () => false)
  if (!usable) refuse('keys', 'are not those of a push subscription')
}

function refuse(path: string, message: string): never {
  throw new AppError('invalid_request', `${path}: ${message}`, [{ path, message }])
}
