// A team’s webhook: where it is, whether it is on, its signing secret, and trying it out. The secret leaves
// in one answer, the one to whoever made it. Deliveries are webhook-delivery.ts.
import type { Webhook, WebhookEvent } from '../../../shared/webhook.ts'
import type { Handler } from './actions.ts'
import type { App } from './app.ts'
import type { Member } from './auth.ts'
import { open, seal, type SealedCredential, webhookPlace } from './credentials.ts'
import { read } from './db.ts'
import { AppError } from './http.ts'
import { judgeAddress } from './mcp/address.ts'
import { deliverSoon, UNREADABLE } from './webhook-delivery.ts'
import { newSecret, send, type Sent, type SigningSecret } from './webhook-sending.ts'

/** Throws AppError `invalid_request` for an address we would never call, or a secret of none. */
export const setWebhook: Handler<'set_webhook'> = async ({ app, as, input }) => {
  const { url, is_active, rotate } = input
  const { team_id } = as
  if (url === null) {
    if (rotate || is_active) {
      throw new AppError('invalid_request', 'There is nothing to switch on without an address.')
    }
    await read(app.db.service.from('team_webhooks').delete().eq('team_id', team_id))
    return { webhook: null }
  }
  const signing = newSecret()
  const keys = app.settings.credentialKeys
  const taken = await read<boolean>(app.db.service.rpc('keep_webhook', {
    p_team_id: team_id,
    p_user_id: as.user_id,
    p_url: acceptAddress(app, url),
    p_is_active: is_active ?? null,
    p_rotate: rotate,
    p_sealed: await seal(signing, { keys, place: webhookPlace(team_id) }),
  }))
  if (taken || is_active) deliverSoon(app)
  return { webhook: await describe(app, as), ...(taken && signing) }
}

export const getWebhook: Handler<'get_webhook'> = async ({ app, as }) => ({
  webhook: await describe(app, as),
})

/** Throws AppError `not_found` when there is none. Sends even while it is off: that is how one tries it first. */
export const testWebhook: Handler<'test_webhook'> = async ({ app, as }) => {
  const { team_id } = as
  const kept = await read<(SealedCredential & { url: string })[]>(
    app.db.service.from('team_webhooks').select('url,encrypted_value,key_version')
      .eq('team_id', team_id),
  )
  if (!kept[0]) throw new AppError('not_found', 'This team has no webhook.')
  const { url, ...sealed } = kept[0]
  const keys = app.settings.credentialKeys
  const signing = await open<SigningSecret>(sealed, { keys, place: webhookPlace(team_id) })
  const sent = signing ? await sendTest(app, { team_id, url }, signing) : UNREADABLE
  const { status, error } = sent
  await read(app.db.service.rpc('note_webhook', {
    p_team_id: team_id,
    p_url: url,
    p_status: status,
    p_error: error,
  }))
  return { delivered: error === null, status, message: error ?? `The receiver answered ${status}.` }
}

function sendTest(
  app: App,
  { team_id, url }: { team_id: string; url: string },
  signing: SigningSecret,
): Promise<Sent> {
  const event: WebhookEvent = {
    type: 'webhook.test',
    timestamp: new Date().toISOString(),
    data: { team_id },
  }
  const body = JSON.stringify(event)
  return send(app.webhookFetch, { id: crypto.randomUUID(), url, body }, signing)
}

function acceptAddress(app: App, given: string): string {
  const address = judgeAddress(given, app.settings.allowedPrivateHosts)
  if (address.allowed) return given
  const { message } = address
  throw new AppError('invalid_request', `url: ${message}`, [{ path: 'url', message }])
}

function describe(app: App, as: Member): Promise<Webhook | null> {
  return read(app.db.as(as).rpc('describe_webhook', { p_team_id: as.team_id }))
}
