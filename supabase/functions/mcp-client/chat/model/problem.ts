// Turns what goes wrong with a model into a sentence for the person. Never the provider’s own text:
// it may quote a key, a prompt or an account.
import { APICallError, InvalidToolInputError, NoSuchToolError, RetryError } from 'ai'
import { log } from '../../log.ts'

export const UNREADABLE = 'The model’s answer broke off or could not be read. Try again.'
export const TOO_SLOW = 'The model took too long to answer and was stopped. Try again.'
export const EMPTY_ANSWER = 'The model gave an empty answer. Try again.'

/** The sentence for a failure of a model or of its tool calls. */
export function problemSentence(thrown: unknown): string {
  if (RetryError.isInstance(thrown)) return problemSentence(thrown.lastError)
  if (NoSuchToolError.isInstance(thrown)) return 'The model asked for a tool that is not there.'
  if (InvalidToolInputError.isInstance(thrown)) {
    return 'The model’s arguments for this tool could not be read.'
  }
  if (APICallError.isInstance(thrown)) return providerSentence(thrown)
  if (thrown instanceof Error && /^(TimeoutError|AbortError)$/.test(thrown.name)) return TOO_SLOW
  log('error', 'model failed', {
    error_name: thrown instanceof Error ? thrown.name : typeof thrown,
  })
  return UNREADABLE
}

function providerSentence(failure: APICallError): string {
  const status = failure.statusCode
  log('warn', 'model provider refused', { provider_status: status ?? null })
  if (status === undefined) return 'The model provider could not be reached. Try again in a moment.'
  if (status === 401 || status === 403) {
    return 'The model provider rejected Astra’s key. The operator needs to check ASTRA_MODEL_API_KEY.'
  }
  if (status === 402) {
    return 'The account at the model provider is out of credit. The operator needs to look at it.'
  }
  if (status === 404) {
    return 'The model provider does not know this model. The operator needs to check ASTRA_MODEL_NAME.'
  }
  if (status === 429) return 'The model provider’s limit or quota is reached. Try again later.'
  if (status === 413) return 'This chat has become too long for the model. Start a new one.'
  if (status >= 500) {
    return 'The model provider has trouble of its own just now. Try again in a moment.'
  }
  if (status >= 400) {
    return 'The model provider refused the request. The chat may be too long for it, or the model cannot use tools.'
  }
  return UNREADABLE
}
