// Turns what goes wrong with a model into a sentence for the person: what failed, whose side it is on, and
// who does what about it.
import { log } from '../../log.ts'
import type { EgressReason } from '../../mcp/egress-error.ts'
import { type Failure, failureOf } from './failure.ts'
import type { Chosen } from './choose.ts'

export const UNREADABLE = 'The model’s answer broke off or could not be read. Try again.'
export const TOO_SLOW = 'The model took too long to answer and was stopped. Try again.'
export const EMPTY_ANSWER = 'The model gave an empty answer. Try again.'
const FILTERED =
  'The model’s provider withheld the answer: its content filter objects. Say it in other words.'

/** `here`: whoever reads the sentence is setting the team’s model just now. */
type Asked = Pick<Chosen, 'source' | 'described'> & { here?: true }

/** The sentence for a failure of the model that was asked, or of its tool calls. Never a provider’s own text. */
export function problemSentence(thrown: unknown, asked: Asked): string {
  const failure = failureOf(thrown)
  log(failure.kind === 'unexpected' ? 'error' : 'warn', 'model failed', {
    failure: failure.kind,
    source: asked.source,
    error_name: thrown instanceof Error ? thrown.name : typeof thrown,
  })
  return sentenceFor(failure, asked)
}

/** Why an answer that ended is none, by the reason it ended for; null when it is one. */
export function endingProblem(reason: string | undefined): string | null {
  if (reason === 'content-filter') return FILTERED
  // The connection ended before the model said that it had.
  return reason === 'interrupted' || reason === 'error' ? UNREADABLE : null
}

function sentenceFor(failure: Failure, asked: Asked): string {
  const then = remedies(asked)
  const name = `“${asked.described.name}”`
  switch (failure.kind) {
    case 'key':
      return `The model’s provider refuses Astra’s key. ${then.key}`
    case 'forbidden':
      return `The model’s provider does not let Astra’s key use ${name}. ${then.key}`
    case 'credit':
      return `The account at the model’s provider is out of credit. ${then.credit}`
    case 'unknown_model':
      return `The model’s provider does not know this model, ${name}. ${then.name}`
    case 'not_a_model':
      return `What answers at the model’s address is no language model. ${then.address}`
    case 'unreachable':
      return `The model cannot be reached: ${reach(failure)}. ${
        passes(failure.reason)
          ? `Try again in a moment. If it stays so: ${then.address}`
          : then.address
      }`
    case 'no_tools':
      return `The model ${name} cannot use tools, which is how Astra works. ${then.name}`
    case 'no_images':
      return `The model ${name} cannot be shown pictures. ${then.images}`
    case 'too_many':
      return `The model’s provider has had its limit of requests for now. Try again ${
        waited(failure.retry_after_seconds)
      }.`
    case 'too_long':
      return 'This chat has become too long for the model. Start a new one.'
    case 'overloaded':
      return 'The model’s provider has trouble of its own just now. Try again in a moment.'
    case 'filtered':
      return FILTERED
    case 'refused':
      return `The model’s provider refuses the request, and not in a way Astra knows. ${then.name}`
    case 'too_slow':
      return TOO_SLOW
    case 'no_such_tool':
      return 'The model asked for a tool that is not there.'
    case 'bad_arguments':
      return 'The model’s arguments for this tool could not be read.'
    case 'broke_off':
    case 'unexpected':
      return UNREADABLE
  }
}

type Setting = 'key' | 'name' | 'address' | 'images' | 'credit'

/** Who puts it right, and where. */
function remedies({ source, here }: Asked): Record<Setting, string> {
  if (source === 'team') {
    const admin = (what: string) =>
      here
        ? `${what[0]!.toUpperCase()}${what.slice(1)}.`
        : `An admin of the team needs to ${what} in Settings, under Model.`
    return {
      key: admin('enter a key that works'),
      name: admin('choose another model'),
      address: admin('check its address'),
      images: admin('say that it takes none'),
      credit: 'Whoever pays for it there needs to add some.',
    }
  }
  if (source === 'found') {
    const local = 'Look at Ollama on the computer that Astra runs on.'
    return { key: local, name: local, address: local, images: local, credit: local }
  }
  const operator = (variable: string) =>
    `Whoever runs this Astra needs to check ASTRA_MODEL_${variable}.`
  return {
    key: operator('API_KEY'),
    name: operator('NAME'),
    address: operator('BASE_URL'),
    images: operator('TAKES_IMAGES'),
    credit: 'Whoever runs this Astra needs to look at it.',
  }
}

/** Whether it may be gone by itself in a moment. */
function passes(reason: EgressReason): boolean {
  return reason === 'unreachable' || reason === 'unresolvable'
}

function reach({ reason, where }: Extract<Failure, { kind: 'unreachable' }>): string {
  if (reason === 'redirected') return 'its address leads elsewhere, where its key must not go'
  if (reason === 'address_refused') return 'its address is one that Astra may not ask'
  if (reason === 'unresolvable') return 'the name in its address could not be found'
  if (/certificate/.test(where)) return 'the TLS certificate at its address is not valid'
  if (where.startsWith('Nothing answers')) return 'nothing answers at its address'
  return 'the connection to it broke'
}

function waited(seconds: number | null): string {
  if (seconds === null) return 'later'
  if (seconds < 100) return seconds === 1 ? 'in a second' : `in ${seconds} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 100 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`
}
