// What an admin is entering as the team’s model, and what is wrong with it. The kept key is never in it. Pure.
import type { TeamModel } from '@shared/model.ts'
import type { InputOf } from '@shared/operations.ts'
import { type Preset, presetById, presetOf, presets } from './model-presets.ts'
import { asAddress } from './server-source.ts'

export type ModelDraft = {
  preset: string
  base_url: string
  name: string
  key: string
  takes_images: boolean
}
export type ModelProblems = Partial<Record<'base_url' | 'name' | 'key', string>>

export function draftOf(kept: TeamModel | null): ModelDraft {
  if (!kept) return withPreset({ name: '', key: '' }, presets[0]!)
  const { base_url, name, takes_images } = kept
  return { preset: presetOf(kept).id, base_url: base_url ?? '', name, key: '', takes_images }
}

/** Another provider has other names and other addresses: neither is carried over. */
export function withPreset(draft: Pick<ModelDraft, 'name' | 'key'>, preset: Preset): ModelDraft {
  const { id, base_url, images } = preset
  return { ...draft, preset: id, base_url: base_url ?? '', takes_images: images === true }
}

export function problemsOf(draft: ModelDraft): ModelProblems {
  const { base_url } = presetById(draft.preset)
  const written = draft.base_url.trim()
  const problems: ModelProblems = {}
  if (!draft.name.trim()) problems.name = 'Write the name the model has there'
  const needed = base_url !== null
  if ((needed || written) && !asAddress(written)) {
    problems.base_url = 'Write an address: https://…'
  }
  return problems
}

type Setting = NonNullable<InputOf<'set_model'>['model']>

/** The kept key is left as it is where nothing is typed: the function drops it where it must not go. */
export function settingOf(draft: ModelDraft): Setting {
  const { provider } = presetById(draft.preset)
  const written = draft.base_url.trim()
  return {
    provider,
    base_url: written ? trimmed(asAddress(written)?.href ?? written) : null,
    name: draft.name.trim(),
    takes_images: draft.takes_images,
    ...(draft.key.trim() && { api_key: draft.key.trim() }),
  }
}

/** Whether the key that is kept would go on being used. */
export function keepsKey(draft: ModelDraft, kept: TeamModel | null): boolean {
  if (!kept?.has_key) return false
  const { provider, base_url } = settingOf(draft)
  return provider === kept.provider && base_url === kept.base_url
}

function trimmed(address: string): string {
  return address.replace(/\/+$/, '')
}
