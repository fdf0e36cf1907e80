// What is said of the team’s own model, and of how it came about. Pure.
import type { TeamModel } from '@shared/model.ts'
import { presetOf } from './model-presets.ts'
import type { Person } from '@/lib/person-name.ts'

/** `OpenRouter`, or the host of an address nobody knows. */
export function placeOf(model: Pick<TeamModel, 'provider' | 'base_url'>): string {
  const preset = presetOf(model)
  const own = preset.base_url === null && model.base_url !== null
  if (preset.id !== 'other' && !own) return preset.label.replace(/,.*/, '')
  const { base_url } = model
  return base_url && URL.canParse(base_url) ? new URL(base_url).host : base_url ?? ''
}

type Said = Pick<TeamModel, 'provider' | 'base_url' | 'name' | 'takes_images' | 'has_key'>
export type ModelChange = {
  id: string
  before: Said | null
  after: Said | null
  key_changed: boolean
  changed_at: string
  profiles: Person | null
}

const named = (model: Said) => `${model.name} at ${placeOf(model)}`

export function changeWords({ before, after, key_changed }: ModelChange): string {
  if (!after) return `Went back from ${before ? named(before) : 'a model'} to what was there before`
  if (!before) return `Set ${named(after)}`
  if (named(before) !== named(after)) return `Changed ${named(before)} to ${named(after)}`
  if (key_changed) return after.has_key ? 'Entered another key' : 'Took the key away'
  if (before.takes_images !== after.takes_images) {
    return after.takes_images ? 'Said that it takes pictures' : 'Said that it takes no pictures'
  }
  return `Changed its address`
}
