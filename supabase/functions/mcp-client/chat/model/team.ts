// A team’s own model as it is kept, and its key, opened only to be used.
import type { TeamModel } from '../../../../../shared/model.ts'
import type { App } from '../../app.ts'
import { modelPlace, open, type SealedCredential } from '../../credentials.ts'
import { read } from '../../db.ts'
import { AppError } from '../../http.ts'

export type KeptModel = Omit<TeamModel, 'has_key'> & {
  team_id: string
  encrypted_value: string | null
  key_version: number | null
}
/** What is in the seal. */
export type ModelKey = { api_key: string }

const COLUMNS = 'team_id,provider,base_url,name,takes_images,updated_at,encrypted_value,key_version'

export async function keptModel(app: App, team_id: string): Promise<KeptModel | null> {
  const [kept] = await read<KeptModel[]>(
    app.db.service.from('team_models').select(COLUMNS).eq('team_id', team_id),
  )
  return kept ?? null
}

/** Null when there is none. Throws AppError `unavailable` when it cannot be opened. */
export async function keyOf(app: App, kept: KeptModel): Promise<string | null> {
  if (kept.encrypted_value === null) return null
  const keys = app.settings.credentialKeys
  const held = await open<ModelKey>(kept as SealedCredential, { keys, place: modelPlace(kept) })
  if (held) return held.api_key
  throw new AppError(
    'unavailable',
    'The key of the team’s model can no longer be read. An admin of the team needs to enter it again in Settings, under Model.',
  )
}
