// Tells apart how asking a model fails. A provider’s own words are looked at here and go no further: they
// may quote a key, a prompt or an account.
import { APICallError, InvalidToolInputError, NoSuchToolError, RetryError } from 'ai'
import { isRecord } from '../../../../../shared/json.ts'
import { EgressError, type EgressReason } from '../../mcp/egress-error.ts'
import { NotAModel } from './fetch.ts'

export type Failure =
  | { kind: 'key' | 'forbidden' | 'credit' | 'unknown_model' | 'no_tools' | 'no_images' }
  | { kind: 'not_a_model' | 'too_long' | 'filtered' | 'overloaded' | 'refused' }
  | { kind: 'too_slow' | 'no_such_tool' | 'bad_arguments' | 'broke_off' | 'unexpected' }
  | { kind: 'too_many'; retry_after_seconds: number | null }
  /** `where`: our own words for what is there instead. */
  | { kind: 'unreachable'; reason: EgressReason; where: string }

const READ_CHARACTERS = 8_000
const LONGEST_WAIT_SECONDS = 7 * 24 * 3_600

export function failureOf(thrown: unknown): Failure {
  if (RetryError.isInstance(thrown)) return failureOf(thrown.lastError)
  if (NoSuchToolError.isInstance(thrown)) return { kind: 'no_such_tool' }
  if (InvalidToolInputError.isInstance(thrown)) return { kind: 'bad_arguments' }
  if (thrown instanceof NotAModel) return { kind: 'not_a_model' }
  if (thrown instanceof EgressError) return ofEgress(thrown)
  if (APICallError.isInstance(thrown)) return ofAnswer(thrown)
  if (thrown instanceof Error && /^(TimeoutError|AbortError)$/.test(thrown.name)) {
    return { kind: 'too_slow' }
  }
  // As a provider’s code gives it, or as the SDK has wrapped it.
  if (
    isRecord(thrown) && (!(thrown instanceof Error) || thrown.name === 'AI_StreamProviderError')
  ) {
    return ofEvent(thrown)
  }
  // What the SDK makes of events it cannot read, and what the runtime makes of a connection that is gone.
  if (thrown instanceof TypeError || nameOf(thrown).startsWith('AI_')) return { kind: 'broke_off' }
  return { kind: 'unexpected' }
}

function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : ''
}

function ofEgress({ reason, message }: EgressError): Failure {
  if (reason === 'timeout') return { kind: 'too_slow' }
  if (reason === 'too_large' || reason === 'protocol') return { kind: 'broke_off' }
  return { kind: 'unreachable', reason, where: message }
}

/** A refusal before anything was said. */
function ofAnswer({ statusCode = 0, responseHeaders = {}, responseBody = '' }: APICallError) {
  const words = responseBody.slice(0, READ_CHARACTERS).toLowerCase()
  const wait = waitOf(responseHeaders)
  // Where a model is asked, what is not there is said in JSON.
  const absent = statusCode === 404 || statusCode === 405
  if (absent && !/^\s*\{/.test(words)) return { kind: 'not_a_model' } as const
  return judged({ status: statusCode, words, wait })
}

/** A failure in the middle of an answer: an event, as its provider wrote it. */
function ofEvent(event: Record<string, unknown>): Failure {
  const told = event.statusCode ?? event.code ?? event.status
  const status = Number(told) >= 400 && Number(told) < 600 ? Number(told) : 0
  const words = [event.type, event.code, event.message]
    .filter((word) => typeof word === 'string').join(' ').slice(0, READ_CHARACTERS).toLowerCase()
  if (status === 0 && /overloaded|rate_limit|too many requests/.test(words)) {
    return /overloaded/.test(words)
      ? { kind: 'overloaded' }
      : { kind: 'too_many', retry_after_seconds: null }
  }
  const failure = judged({ status, words, wait: null })
  return failure.kind === 'refused' ? { kind: 'broke_off' } : failure
}

type Refusal = { status: number; words: string; wait: number | null }

/** What providers say in words, because one status stands for many things. In the order of asking. */
const said: [
  & Failure['kind']
  & ('credit' | 'key' | 'too_long' | 'no_tools' | 'no_images' | 'filtered' | 'unknown_model'),
  RegExp,
][] = [
  [
    'credit',
    /insufficient[_ ](?:quota|credits?|balance|funds)|credit balance is too low|exceeded your current quota|billing/,
  ],
  ['key', /api[_ ]key not valid|(?:invalid|incorrect|missing)[_ ]api[_ ]?key|invalid x-api-key/],
  [
    'no_tools',
    /support tool use|not support (?:tools|tool|function)|tools? (?:is|are) not supported|(?:tool|function)[_ ]?(?:calling|choice|use)\W.*(?:not supported|requires)|enable-auto-tool-choice/,
  ],
  [
    'no_images',
    /support image input|not support (?:image|vision|multimodal)|image[_ ]?(?:s|url|input)?\W.*not supported|is not a multimodal model/,
  ],
  [
    'too_long',
    /context[_ ](?:length|window|size)|maximum context|prompt is too long|too many (?:input )?tokens|input is too long|reduce the length|request_too_large/,
  ],
  [
    'filtered',
    /content[_ ](?:filter|policy)|content management policy|requires moderation|flagged|responsible ai|safety (?:system|policy)/,
  ],
  [
    'unknown_model',
    /model_not_found|model\b.{0,200}(?:not found|does not exist|not exist|not available)|(?:unknown|invalid|no such) model|not a valid model/,
  ],
]

function judged({ status, words, wait }: Refusal): Failure {
  if (status === 401) return { kind: 'key' }
  if (status === 402) return { kind: 'credit' }
  const told = said.find(([, pattern]) => pattern.test(words))?.[0]
  if (told !== undefined && status < 500 && (status !== 429 || told === 'credit')) {
    return { kind: told }
  }
  if (status === 429) return { kind: 'too_many', retry_after_seconds: wait }
  if (status === 403) return { kind: 'forbidden' }
  if (status === 404) return { kind: 'unknown_model' }
  if (status === 413) return { kind: 'too_long' }
  if (status >= 300 && status < 400) return { kind: 'not_a_model' }
  if (status === 408 || status === 504 || status === 524) return { kind: 'too_slow' }
  return status >= 500 ? { kind: 'overloaded' } : { kind: 'refused' }
}

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3); null where it is neither, or past all sense. */
function waitOf(headers: Record<string, string>): number | null {
  const given = headers['retry-after']?.trim() ?? ''
  const seconds = /^\d{1,7}(?:\.\d+)?$/.test(given)
    ? Number(given)
    : (Date.parse(given) - Date.now()) / 1_000
  return seconds > 0 && seconds <= LONGEST_WAIT_SECONDS ? Math.ceil(seconds) : null
}
