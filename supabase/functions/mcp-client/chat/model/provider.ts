// The AI SDK’s model for a wire format, loaded when first used: neither knows whose setting it was.
import type { Model } from '../../../../../shared/chat.ts'
import type { LanguageModelV4 } from './choose.ts'
import { counted } from './counted.ts'

export type Remote = {
  described: Model & { provider: 'openai_compatible' | 'anthropic' }
  baseUrl: string
  apiKey: string | null
  fetch: typeof globalThis.fetch
}

export function remoteModel(remote: Remote): Promise<LanguageModelV4> {
  return remote.described.provider === 'anthropic'
    ? anthropicModel(remote)
    : openAiCompatibleModel(remote)
}

async function openAiCompatibleModel(remote: Remote): Promise<LanguageModelV4> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  const { baseUrl, apiKey, fetch, described } = remote
  const provider = createOpenAICompatible({
    name: 'astra',
    baseURL: baseUrl,
    fetch: counted(fetch),
    includeUsage: true,
    transformRequestBody: isOpenAi(baseUrl) ? renamedBound : (body) => body,
    ...(apiKey === null ? {} : { apiKey }),
  })
  return provider.chatModel(described.name)
}

function isOpenAi(baseUrl: string): boolean {
  return new URL(baseUrl).hostname === 'api.openai.com'
}

/** OpenAI’s newer models refuse `max_tokens`; others know nothing else. */
function renamedBound({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> {
  return max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens }
}

async function anthropicModel(remote: Remote): Promise<LanguageModelV4> {
  const { createAnthropic } = await import('@ai-sdk/anthropic')
  const { baseUrl, apiKey, fetch, described } = remote
  // Both given outright: left out, the provider would look for them in the environment.
  const provider = createAnthropic({ baseURL: baseUrl, apiKey: apiKey ?? '', fetch })
  return provider.languageModel(described.name)
}
