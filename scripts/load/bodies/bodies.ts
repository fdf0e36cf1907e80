// Random and mutated requests at every entry point of the function, from everyone. An answer may be any
// refusal; it may not be a failure of ours, come never, or hold what is nobody's business.
import fc from 'fast-check'
import { errorBody } from '../../../shared/errors.ts'
import { residentBytes } from '../../../supabase/tests/function/memory.ts'
import type { Finding, Plan, Scenario } from '../../scenarios/scenario.ts'
import { examples, type Places } from './examples.ts'
import { type Field, openField } from './field.ts'
import { leakFinder, type LookForLeaks } from './leaks.ts'
import { type Drawn, entries, type Entry } from './requests.ts'

export const bodies: Scenario = {
  name: 'bodies',
  claim:
    'whatever is sent: no answer is a 5xx of ours, none is late, none holds a secret or a stack',
  run: throwBodies,
}

const DEADLINE_MS = 10_000
const lanes = 16
/** After so many requests what they broke is put right. */
const chunk = 400

type Tally = { statuses: Map<number, number>; slowest_ms: number; broken: string[] }
type Ground = { field: Field; leak: LookForLeaks }

async function throwBodies({ short, random, say, parts }: Plan): Promise<Finding> {
  const field = await openField(parts)
  const ground = { field, leak: leakFinder(field.secrets) }
  const seen: string[] = []
  const broken = await tryExamples(ground)
  const before = residentBytes(field.pid)
  for (const entry of entries) {
    say(entry.name)
    const tally: Tally = { statuses: new Map(), slowest_ms: 0, broken: [] }
    for (let done = 0; done < (short ? 400 : 20_000); done += chunk) {
      await throwSome(ground, { entry, seed: random.below(2 ** 31), tally })
    }
    seen.push(lineOf(entry, tally))
    broken.push(...problemsOf(entry, tally))
  }
  const after = residentBytes(field.pid)
  if (after === 0) broken.push('the function’s process is gone')
  seen.push(`memory of the function: ${mib(before)} MiB before, ${mib(after)} MiB after`)
  return { seen, broken }
}

/** What is valid must work, or what is mutated from it says little. */
async function tryExamples(ground: Ground): Promise<string[]> {
  const places = await ground.field.restore()
  const { remove_server, ...others } = examples(places)
  const broken: string[] = []
  for (const [action, input] of Object.entries({ ...others, remove_server })) {
    const { status, text } = await send(ground.field, {
      who: 'owner',
      method: 'POST',
      path: '',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action, ...input }),
    })
    if (status !== 200) broken.push(`a valid ${action} is answered ${status} ${text.slice(0, 200)}`)
  }
  return broken
}

async function throwSome(
  { field, leak }: Ground,
  { entry, seed, tally }: { entry: Entry; seed: number; tally: Tally },
): Promise<void> {
  const places: Places = await field.restore()
  const waysBack = entry.name.includes('callback') ? await field.signIns(40) : []
  const { secret_key } = field
  const drawn = fc.sample(entry.draw({ places, secret_key, waysBack }), { seed, numRuns: chunk })
  let next = 0
  const lane = async () => {
    while (next < drawn.length) {
      const request = drawn[next++]!
      const answer = await send(field, request)
      tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1)
      tally.slowest_ms = Math.max(tally.slowest_ms, answer.took_ms)
      const wrong = wrongWith(answer, leak)
      if (wrong) tally.broken.push(`${entry.name}: ${wrong}: ${described(request)}`)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

type Answer = { status: number; text: string; headers: string; took_ms: number }

/** Status 0: nothing came, and why. */
async function send(field: Field, { who, method, path, headers, body }: Drawn): Promise<Answer> {
  const token = field.tokens[who]
  const started = performance.now()
  const took = () => performance.now() - started
  try {
    const response = await fetch(`${field.url}${path}`, {
      method,
      headers: { ...headers, ...(token && { Authorization: token }) },
      body: method === 'GET' || method === 'HEAD' ? null : body as BodyInit | null,
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const text = await response.text()
    const told = [...response.headers].map((pair) => pair.join(': ')).join('\n')
    return { status: response.status, text, headers: told, took_ms: took() }
  } catch (thrown) {
    return { status: 0, text: String(thrown), headers: '', took_ms: took() }
  }
}

function wrongWith({ status, text, headers }: Answer, leak: LookForLeaks): string | null {
  if (status === 0) return `no answer (${text})`
  const found = leak(`${headers}\n\n${text}`)
  if (found) return `${found} in the answer ${status}`
  if (status < 500 || isRefusal(status, text)) return null
  return `${status} ${text.slice(0, 300)}`
}

/** Two refusals of ours begin with a 5: what is not offered here, and what cannot be had just now. */
function isRefusal(status: number, text: string): boolean {
  const wanted = { 501: 'unsupported', 503: 'unavailable' }[status]
  try {
    return wanted !== undefined && errorBody.parse(JSON.parse(text)).error.code === wanted
  } catch {
    return false
  }
}

/** Enough to send it again. */
function described({ who, method, path, headers, body }: Drawn): string {
  const { apikey: _, ...shown } = headers
  const sent = body === null ? '' : typeof body === 'string' ? body : new TextDecoder().decode(body)
  const parts = [who, method, path.slice(0, 200), JSON.stringify(shown), JSON.stringify(sent)]
  return parts.join(' ').slice(0, 600)
}

function lineOf({ name }: Entry, { statuses, slowest_ms }: Tally): string {
  const sorted = [...statuses].sort(([one], [other]) => one - other)
  const all = sorted.reduce((sum, [, many]) => sum + many, 0)
  const counts = sorted.map(([status, many]) => `${status} × ${many}`).join(', ')
  return `${name}: ${all} requests, ${counts}; slowest ${slowest_ms.toFixed(0)} ms`
}

function problemsOf({ name, reaches }: Entry, { statuses, broken }: Tally): string[] {
  const missed = reaches.filter((status) => !statuses.has(status))
  return [
    ...broken.slice(0, 8),
    ...(broken.length > 8 ? [`${name}: ${broken.length - 8} more like these`] : []),
    ...missed.map((status) => `${name}: nothing was answered ${status}, so too little was tried`),
  ]
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
