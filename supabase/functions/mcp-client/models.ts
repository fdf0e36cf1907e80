// What answers in a team’s chats, as its admins set it and try it. The key goes in and never comes out;
// asking the model is chat/model/.
import type { TeamModel } from '../../../shared/model.ts'
import { administers } from '../../../shared/team.ts'
import type { Asked, Handler } from './actions.ts'
import type { App } from './app.ts'
import type { Member } from './auth.ts'
import { modelPlace, seal, type SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { AppError } from './http.ts'
import { judgeAddress } from './mcp/address.ts'

export const getModel: Handler<'get_model'> = ({ app, as }) => describe(app, as)

/** Throws AppError `invalid_request` for an address that would never be asked, or none where one is needed. */
export const setModel: Handler<'set_model'> = async ({ app, as, input }) => {
  const { team_id, user_id } = as
  const { model } = input
  if (model === null) {
    await read(
      app.db.service.rpc('drop_team_model', { p_team_id: team_id, p_user_id: user_id }),
    )
    return await describe(app, as)
  }
  const { api_key, ...given } = model
  const setting = { ...given, base_url: acceptAddress(app, model) }
  await read(app.db.service.rpc('keep_team_model', {
    p_team_id: team_id,
    p_user_id: user_id,
    p_model: setting,
    p_sealed: await sealed(app, { team_id, ...setting, api_key }),
    p_keeps_key: api_key === undefined,
  }))
  return await describe(app, as)
}

export const testModel: Handler<'test_model'> = async ({ app, as, signal }) => {
  const began = performance.now()
  const { tryModel } = await import('./chat/model/trial.ts')
  const tried = await tryModel(app, { team_id: as.team_id, signal })
  return { ...tried, duration_ms: Math.round(performance.now() - began) }
}

async function describe(app: App, as: Member) {
  const { describeModel } = await import('./chat/model/choose.ts')
  const { keptModel } = await import('./chat/model/team.ts')
  const kept = await keptModel(app, as.team_id)
  const team_model = kept !== null && administers(as.role) ? shown(kept) : null
  return { ...await describeModel(app, kept), team_model }
}

function shown(
  kept: Omit<TeamModel, 'has_key'> & { encrypted_value: string | null },
): TeamModel {
  return { ...kept, has_key: kept.encrypted_value !== null }
}

type Given = NonNullable<Asked<'set_model'>['input']['model']>
type Keyed = Pick<Given, 'provider' | 'base_url' | 'api_key'> & { team_id: string }

async function sealed(app: App, { api_key, ...of }: Keyed): Promise<SealedCredential | null> {
  if (!api_key) return null
  return await seal({ api_key }, { keys: app.settings.credentialKeys, place: modelPlace(of) })
}

/** The address as it is kept: without what the provider’s code adds to it. */
function acceptAddress(app: App, { provider, base_url }: Given): string | null {
  if (base_url === null) {
    if (provider === 'anthropic') return null
    throw refusedAddress('is needed: where is this model asked?')
  }
  const address = judgeAddress(base_url.trim(), app.settings.allowedPrivateHosts)
  if (!address.allowed) throw refusedAddress(address.message)
  const { url } = address
  if (url.search || url.hash) throw refusedAddress('The address must end with its path')
  return url.href.replace(/\/+$/, '').replace(/\/(?:chat\/completions|messages)$/, '')
}

function refusedAddress(message: string): AppError {
  const path = 'model.base_url'
  return new AppError('invalid_request', `${path}: ${message}`, [{ path, message }])
}
