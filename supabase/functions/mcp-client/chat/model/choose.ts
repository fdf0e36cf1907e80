// Which model answers in the chat: the operator’s, an Ollama found on this machine, or the built-in
// router. Everything behind the AI SDK’s LanguageModel interface; provider code loads when first used.
import type { LanguageModel } from 'ai'
import type { Model } from '../../../../../shared/chat.ts'
import type { App } from '../../app.ts'
import type { ModelSettings } from '../../env.ts'
import { findOllama, OLLAMA_URL } from './ollama.ts'
import { routerModel } from './router.ts'
import { checkModelSettings } from './settings.ts'

export type LanguageModelV4 = Extract<LanguageModel, { specificationVersion: 'v4' }>
export type Chosen = { model: LanguageModelV4; described: Model }

const ROUTER: Model = { provider: 'router', name: 'Built-in router' }
const ANTHROPIC_URL = 'https://api.anthropic.com/v1'

type Choice =
  | { described: Model & { provider: 'router' } }
  | { described: Model & { provider: 'openai_compatible' | 'anthropic' }; baseUrl: string }

/** The model these settings name, ready to answer. Throws as `checkModelSettings` does. */
export async function chooseModel(
  settings: ModelSettings,
  fetch: typeof globalThis.fetch,
): Promise<Chosen> {
  const choice = await choose(settings, fetch)
  if (!('baseUrl' in choice)) return { model: routerModel(), described: choice.described }
  const model = choice.described.provider === 'anthropic'
    ? await anthropicModel(choice, { settings, fetch })
    : await openAiCompatibleModel(choice, { settings, fetch })
  return { model, described: choice.described }
}

/** What answers in the chat, without loading it. */
export async function describeModel(app: App): Promise<Model> {
  return (await choose(app.settings.model, fetch)).described
}

async function choose(settings: ModelSettings, fetch: typeof globalThis.fetch): Promise<Choice> {
  checkModelSettings(settings)
  const { provider, name } = settings
  if (provider === 'anthropic' && name !== null) {
    return { described: { provider, name }, baseUrl: settings.baseUrl ?? ANTHROPIC_URL }
  }
  if (provider === 'openai_compatible' && name !== null && settings.baseUrl !== null) {
    return { described: { provider, name }, baseUrl: settings.baseUrl }
  }
  const found = provider === null ? await findOllama(fetch) : null
  if (found === null) return { described: { ...ROUTER, provider: 'router' } }
  return { described: { provider: 'openai_compatible', name: found }, baseUrl: `${OLLAMA_URL}/v1` }
}

type Remote = Extract<Choice, { baseUrl: string }>
type Access = { settings: ModelSettings; fetch: typeof globalThis.fetch }

async function openAiCompatibleModel(choice: Remote, access: Access): Promise<LanguageModelV4> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  const provider = createOpenAICompatible({
    name: 'astra',
    baseURL: choice.baseUrl,
    fetch: access.fetch,
    ...(access.settings.apiKey === null ? {} : { apiKey: access.settings.apiKey }),
  })
  return provider.chatModel(choice.described.name)
}

async function anthropicModel(choice: Remote, access: Access): Promise<LanguageModelV4> {
  const { createAnthropic } = await import('@ai-sdk/anthropic')
  // Both given outright: left out, the provider would look for them in the environment.
  const provider = createAnthropic({
    baseURL: choice.baseUrl,
    apiKey: access.settings.apiKey ?? '',
    fetch: access.fetch,
  })
  return provider.languageModel(choice.described.name)
}
