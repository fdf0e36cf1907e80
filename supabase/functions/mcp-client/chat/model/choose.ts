// Which model answers in the chat: the team’s own, else the operator’s, an Ollama found on this machine, or
// the built-in router. Everything behind the AI SDK’s LanguageModel interface; provider code loads when
// first used. A team’s model that cannot be used is an error, never a reason to ask someone else’s.
import type { LanguageModel } from 'ai'
import type { Model } from '../../../../../shared/chat.ts'
import type { ModelInUse } from '../../../../../shared/model.ts'
import type { App } from '../../app.ts'
import type { ModelSettings } from '../../env.ts'
import { asking } from './fetch.ts'
import { findOllama, OLLAMA_URL } from './ollama.ts'
import { remoteModel } from './provider.ts'
import { routerModel } from './router.ts'
import { checkModelSettings } from './settings.ts'
import { type KeptModel, keptModel, keyOf } from './team.ts'

export type LanguageModelV4 = Extract<LanguageModel, { specificationVersion: 'v4' }>
/** `source`: whose setting it is, and so who can put it right. */
export type Chosen = {
  model: LanguageModelV4
  described: Model
  source: ModelInUse['source']
  takes_images: boolean
}

const ROUTER: Model & { provider: 'router' } = { provider: 'router', name: 'Built-in router' }
const ANTHROPIC_URL = 'https://api.anthropic.com/v1'

type Choice =
  & Pick<Chosen, 'source' | 'takes_images'>
  & (
    | { described: Model & { provider: 'router' } }
    | { described: Model & { provider: 'openai_compatible' | 'anthropic' }; baseUrl: string }
  )

/**
 * The model that answers this team, ready to. Throws AppError `unavailable` when the team’s key cannot be
 * opened, and as `checkModelSettings` does.
 */
export async function teamsModel(app: App, team_id: string): Promise<Chosen> {
  const kept = await keptModel(app, team_id)
  return kept === null ? await chooseModel(app.settings.model, fetch) : await own(app, kept)
}

/** The model that the operator’s settings name, ready to answer. Throws as `checkModelSettings` does. */
export async function chooseModel(
  settings: ModelSettings,
  fetch: typeof globalThis.fetch,
): Promise<Chosen> {
  const choice = await choose(settings, fetch)
  const { described, source, takes_images } = choice
  if (!('baseUrl' in choice)) return { model: routerModel(), described, source, takes_images }
  const { apiKey } = settings
  const model = await remoteModel({ ...choice, apiKey, fetch: asking(fetch) })
  return { model, described, source, takes_images }
}

/** What answers in the team’s chats, without loading it. */
export async function describeModel(app: App, kept: KeptModel | null): Promise<ModelInUse> {
  const { described, source, takes_images } = kept === null
    ? await choose(app.settings.model, fetch)
    : ofTeam(kept)
  return { model: described, source, takes_images }
}

async function own(app: App, kept: KeptModel): Promise<Chosen> {
  const choice = ofTeam(kept)
  const baseUrl = kept.base_url ?? ANTHROPIC_URL
  const apiKey = await keyOf(app, kept)
  const model = await remoteModel({ ...choice, baseUrl, apiKey, fetch: asking(app.modelFetch) })
  return { model, ...choice }
}

function ofTeam({ provider, name, takes_images }: KeptModel) {
  return { described: { provider, name }, source: 'team', takes_images } as const
}

async function choose(settings: ModelSettings, fetch: typeof globalThis.fetch): Promise<Choice> {
  checkModelSettings(settings)
  const { provider, name, baseUrl, takesImages } = settings
  const source = 'operator'
  if (provider === 'anthropic' && name !== null) {
    const takes_images = takesImages ?? true
    return {
      described: { provider, name },
      source,
      takes_images,
      baseUrl: baseUrl ?? ANTHROPIC_URL,
    }
  }
  if (provider === 'openai_compatible' && name !== null && baseUrl !== null) {
    return { described: { provider, name }, source, takes_images: takesImages ?? false, baseUrl }
  }
  const found = provider === null ? await findOllama(fetch) : null
  if (found === null) return { described: ROUTER, source: 'built_in', takes_images: false }
  const described = { provider: 'openai_compatible', name: found } as const
  return { described, source: 'found', takes_images: false, baseUrl: `${OLLAMA_URL}/v1` }
}
