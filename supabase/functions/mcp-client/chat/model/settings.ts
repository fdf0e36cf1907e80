// Whether the operator’s model settings name a model at all. Imports nothing, so that start-up stays cheap.
import type { ModelSettings } from '../../env.ts'

/**
 * Refuses settings that name no usable model. Called at start-up, so that a typing error is one clear
 * line there and not a broken chat later. Throws an Error naming the variable, never a value of a key.
 */
export function checkModelSettings(settings: ModelSettings): void {
  const { provider, baseUrl, name, apiKey } = settings
  const known = ['router', 'openai_compatible', 'anthropic']
  if (provider === null) {
    if (baseUrl === null && name === null && apiKey === null) return
    throw new Error(`ASTRA_MODEL_PROVIDER is not set: one of ${known.join(', ')}`)
  }
  if (!known.includes(provider)) {
    throw new Error(`ASTRA_MODEL_PROVIDER must be one of ${known.join(', ')}`)
  }
  if (provider === 'router') return
  if (name === null) throw new Error('ASTRA_MODEL_NAME is not set')
  if (baseUrl === null && provider === 'openai_compatible') {
    throw new Error('ASTRA_MODEL_BASE_URL is not set')
  }
  if (baseUrl !== null && !/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? '')) {
    throw new Error('ASTRA_MODEL_BASE_URL must be an http or https address')
  }
  if (apiKey === null && provider === 'anthropic') throw new Error('ASTRA_MODEL_API_KEY is not set')
}
