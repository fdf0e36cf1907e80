import { describe, expect, it } from 'vitest'
import type { TeamModel } from '@shared/model.ts'
import { draftOf, keepsKey, problemsOf, settingOf, withPreset } from './model-draft.ts'
import { presetById, presetOf, presets } from './model-presets.ts'
import { changeWords, placeOf } from './model-words.ts'

const kept: TeamModel = {
  provider: 'openai_compatible',
  base_url: 'https://openrouter.ai/api/v1',
  name: 'one',
  takes_images: true,
  has_key: true,
  updated_at: '2026-11-29T12:00:00Z',
}

describe('the model that is entered', () => {
  it('begins as it is kept, without its key', () => {
    const draft = draftOf(kept)
    expect(draft).toEqual({
      preset: 'openrouter',
      base_url: kept.base_url,
      name: 'one',
      key: '',
      takes_images: true,
    })
    expect(settingOf(draft)).not.toHaveProperty('api_key')
    expect(keepsKey(draft, kept)).toBe(true)
  })

  it('does not carry the kept key to another address or provider', () => {
    const draft = draftOf(kept)
    expect(keepsKey({ ...draft, base_url: 'https://openrouter.ai/api/v1/' }, kept)).toBe(true)
    expect(keepsKey({ ...draft, base_url: 'https://elsewhere.test/v1' }, kept)).toBe(false)
    expect(keepsKey(withPreset(draft, presetById('anthropic')), kept)).toBe(false)
    expect(keepsKey(draft, { ...kept, has_key: false })).toBe(false)
  })

  it('wants a name, and an address where the provider has none of its own', () => {
    const empty = { ...draftOf(null), base_url: '', name: ' ' }
    expect(Object.keys(problemsOf(empty))).toEqual(['name', 'base_url'])
    const anthropic = withPreset({ ...empty, name: 'claude' }, presetById('anthropic'))
    expect(problemsOf(anthropic)).toEqual({})
    expect(problemsOf({ ...anthropic, base_url: 'no address' })).toHaveProperty('base_url')
    expect(settingOf(anthropic)).toMatchObject({ provider: 'anthropic', base_url: null })
  })

  it('is sent trimmed, its address as https where nothing else is written', () => {
    const draft = { ...draftOf(null), base_url: ' models.test/v1/ ', name: ' m ', key: ' k ' }
    expect(settingOf(draft)).toEqual({
      provider: 'openai_compatible',
      base_url: 'https://models.test/v1',
      name: 'm',
      takes_images: true,
      api_key: 'k',
    })
  })
})

it('every suggested address is a whole one, and is recognised again', () => {
  for (const preset of presets.filter(({ base_url }) => base_url)) {
    expect(new URL(preset.base_url!).protocol).toBe(preset.local ? 'http:' : 'https:')
    expect(presetOf(preset)).toBe(preset)
  }
  expect(presetOf({ provider: 'openai_compatible', base_url: 'https://x.test/v1' }).id).toBe(
    'other',
  )
})

describe('what is said of it', () => {
  it('names its place by its maker, or by its host', () => {
    expect(placeOf(kept)).toBe('OpenRouter')
    expect(placeOf({ ...kept, base_url: 'https://x.test/v1' })).toBe('x.test')
    expect(placeOf({ provider: 'anthropic', base_url: null })).toBe('Anthropic')
    expect(placeOf({ provider: 'anthropic', base_url: 'https://proxy.test' })).toBe('proxy.test')
    expect(placeOf({ ...kept, base_url: 'http://127.0.0.1:11434/v1' })).toBe('Ollama')
  })

  it('says what of it changed, and who changed it', () => {
    const said = (before: typeof kept | null, after: typeof kept | null, key_changed = false) =>
      changeWords({ id: '1', before, after, key_changed, changed_at: '', profiles: null })
    expect(said(null, kept, true)).toBe('Set one at OpenRouter')
    expect(said(kept, { ...kept, name: 'two' })).toBe(
      'Changed one at OpenRouter to two at OpenRouter',
    )
    expect(said(kept, kept, true)).toBe('Entered another key')
    expect(said(kept, { ...kept, has_key: false }, true)).toBe('Took the key away')
    expect(said(kept, { ...kept, takes_images: false })).toBe('Said that it takes no pictures')
    expect(said(kept, null, true)).toBe('Went back from one at OpenRouter to what was there before')
  })
})
