// A team’s model as the edge function sets and drops it: as the service role.
import type { Ground } from './ground.ts'

export type Model = {
  provider?: 'openai_compatible' | 'anthropic'
  base_url?: string | null
  name?: string
  takes_images?: boolean
  /** What is sealed; left out, there is no key. */
  key?: string
  keeps_key?: boolean
  by?: string | null
}

export const HOST = 'https://models.test/v1'

export async function keepModel(ground: Ground, team_id: string, given: Model = {}): Promise<void> {
  const { key, keeps_key = false, by = null, ...more } = given
  const model = {
    provider: 'openai_compatible',
    base_url: HOST,
    name: 'one',
    takes_images: false,
    ...more,
  }
  const sealed = key === undefined ? null : { encrypted_value: key, key_version: 1 }
  await ground.as('service_role')('select public.keep_team_model($1, $2, $3, $4, $5)', [
    team_id,
    by,
    model,
    sealed,
    keeps_key,
  ])
}

export async function dropModel(ground: Ground, team_id: string, by: string): Promise<void> {
  await ground.as('service_role')('select public.drop_team_model($1, $2)', [team_id, by])
}
