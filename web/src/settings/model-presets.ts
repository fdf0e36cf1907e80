// Well-known places where a language model can be asked, with the addresses their makers publish. Suggestions:
// any other address that speaks one of the two formats is as good. Pure.
import type { TeamModel } from '@shared/model.ts'

export type Preset = {
  id: string
  label: string
  provider: TeamModel['provider']
  /** Null: the provider’s own address. Empty: the person knows it. */
  base_url: string | null
  /** A name a model has there; null where only the person knows. */
  example: string | null
  /** Where its keys are made; null where it usually wants none. */
  keys: string | null
  /** Its models usually take pictures. */
  images?: true
  /** On a computer of one’s own: the operator lists it before Astra asks it. */
  local?: true
}

const compatible = 'openai_compatible'

export const presets: Preset[] = [
  {
    id: 'openai',
    label: 'OpenAI',
    provider: compatible,
    base_url: 'https://api.openai.com/v1',
    example: 'gpt-4.1',
    keys: 'https://platform.openai.com/api-keys',
    images: true,
  },
  {
    id: 'anthropic',
    label: 'Anthropic',
    provider: 'anthropic',
    base_url: null,
    example: 'claude-sonnet-4-5',
    keys: 'https://console.anthropic.com/settings/keys',
    images: true,
  },
  {
    id: 'openrouter',
    label: 'OpenRouter',
    provider: compatible,
    base_url: 'https://openrouter.ai/api/v1',
    example: 'anthropic/claude-sonnet-4.5',
    keys: 'https://openrouter.ai/settings/keys',
  },
  {
    id: 'google',
    label: 'Google Gemini',
    provider: compatible,
    base_url: 'https://generativelanguage.googleapis.com/v1beta/openai',
    example: 'gemini-2.5-flash',
    keys: 'https://aistudio.google.com/apikey',
    images: true,
  },
  {
    id: 'mistral',
    label: 'Mistral',
    provider: compatible,
    base_url: 'https://api.mistral.ai/v1',
    example: 'mistral-large-latest',
    keys: 'https://console.mistral.ai/api-keys',
  },
  {
    id: 'groq',
    label: 'Groq',
    provider: compatible,
    base_url: 'https://api.groq.com/openai/v1',
    example: 'llama-3.3-70b-versatile',
    keys: 'https://console.groq.com/keys',
  },
  {
    id: 'ollama',
    label: 'Ollama, on a computer of yours',
    provider: compatible,
    base_url: 'http://127.0.0.1:11434/v1',
    example: 'qwen3:8b',
    keys: null,
    local: true,
  },
  {
    id: 'vllm',
    label: 'vLLM, on a computer of yours',
    provider: compatible,
    base_url: 'http://127.0.0.1:8000/v1',
    example: 'Qwen/Qwen3-8B',
    keys: null,
    local: true,
  },
  {
    id: 'other',
    label: 'Other, OpenAI-compatible',
    provider: compatible,
    base_url: '',
    example: null,
    keys: null,
  },
]

const other = presets.at(-1)!

export function presetById(id: string): Preset {
  return presets.find((preset) => preset.id === id) ?? other
}

/** The preset a setting came from, as far as its address tells. */
export function presetOf({ provider, base_url }: Pick<TeamModel, 'provider' | 'base_url'>): Preset {
  if (provider === 'anthropic') return presetById('anthropic')
  return presets.find((preset) => preset.base_url === base_url) ?? other
}
