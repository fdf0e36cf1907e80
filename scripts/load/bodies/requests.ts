// How a request to each entry point is drawn: from a valid one, with something wrong in its body, method,
// headers, address or in who sends it.
import fc from 'fast-check'
import { examples, type Places, sayings, turn } from './examples.ts'
import { bytesOf, mutated, strangeText } from './hostile.ts'
import type { Names } from './people.ts'

export type Drawn = {
  who: Names
  method: string
  /** Below the function's own path: `/chat?x=1`. */
  path: string
  headers: Record<string, string>
  body: string | Uint8Array | null
}

export type Entry = {
  name: string
  /** Statuses without which nothing that matters was reached. */
  reaches: number[]
  draw(given: Given): fc.Arbitrary<Drawn>
}
type Given = {
  places: Places
  secret_key: string
  /** Ways back from an authorization server, each good for one use. */
  waysBack: URLSearchParams[]
}

const nearly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 12 * others.length, arbitrary: fc.constant(usual) },
    { weight: others.length, arbitrary: fc.constantFrom(...others) },
  )

const who = fc.constantFrom<Names>(
  ...['owner', 'owner', 'owner', 'owner', 'owner', 'owner', 'admin', 'admin', 'admin'] as const,
  ...['member', 'member', 'stranger', 'nobody', 'forger', 'expired'] as const,
)
const contentType = nearly<Record<string, string>>(
  { 'content-type': 'application/json' },
  {},
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/json', 'content-encoding': 'gzip' },
)
const accept = nearly<Record<string, string>>(
  {},
  { accept: 'application/x-ndjson' },
  { accept: 'text/event-stream' },
  { accept: 'x'.repeat(4_000) },
)
const odd = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Record<string, string>>({}) },
  { weight: 1, arbitrary: strangeText.map((text) => ({ 'x-client-info': headerValue(text) })) },
  { weight: 1, arbitrary: strangeText.map((text) => ({ 'x-request-id': headerValue(text) })) },
  { weight: 1, arbitrary: fc.constant({ 'x-http-method-override': 'DELETE', range: 'bytes=9-1' }) },
)
const headers = fc.tuple(contentType, accept, odd)
  .map(([type, accepted, more]) => ({ ...type, ...accepted, ...more }))

/** What a header may hold on the wire: bytes of one line. */
function headerValue(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 4_000)
}

const query = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.array(fc.tuple(strangeText, strangeText), { minLength: 1, maxLength: 4 })
      .map((pairs) => `?${new URLSearchParams(pairs)}`.slice(0, 20_000)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('?', '??', '?%', '?%ff=%00', '?__proto__[x]=1', '?a&a&a'),
  },
)

const mostlyGet = nearly('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS')

function posted(
  path: string,
  body: fc.Arbitrary<string | Uint8Array>,
  more: Partial<{ who: fc.Arbitrary<Names>; headers: fc.Arbitrary<Record<string, string>> }> = {},
): fc.Arbitrary<Drawn> {
  return fc.record({
    who: more.who ?? who,
    method: nearly('POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
    path: query.map((asked) => path + asked),
    headers: more.headers ?? headers,
    body,
  })
}

function got(path: fc.Arbitrary<string>, method = mostlyGet): fc.Arbitrary<Drawn> {
  return fc.record({
    who: nearly<Names>('nobody', 'owner', 'forger'),
    method,
    path,
    headers,
    body: bytesOf(fc.jsonValue()),
  })
}

/** One in five as it should be, so that what lies behind the door is reached. */
function around(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 1, arbitrary: valid },
    { weight: 4, arbitrary: valid.chain(mutated) },
  )
}

function operation({ places }: Given): fc.Arbitrary<Drawn> {
  const valid = fc.constantFrom(...Object.entries(examples(places)))
    .map(([action, input]) => ({ action, ...input }))
  return posted(
    '',
    bytesOf(around(fc.oneof(
      { weight: 9, arbitrary: valid },
      {
        weight: 1,
        arbitrary: fc.record({ action: fc.constantFrom('accept', 'decline', 'cancel') }),
      },
    ))),
  )
}

function chat(): fc.Arbitrary<Drawn> {
  const text = fc.oneof(fc.constantFrom(...sayings), strangeText)
  return posted('/chat', bytesOf(around(text.map(turn))))
}

/** A door for whoever holds the secret key. */
function keyed(path: string): Entry['draw'] {
  return ({ secret_key }) => {
    const key = fc.oneof(
      fc.constant(secret_key),
      fc.constantFrom('', secret_key.slice(0, -1), `${secret_key}x`, secret_key.toUpperCase()),
      strangeText.map(headerValue),
    )
    const withKey = fc.tuple(headers, key).map(([usual, apikey]) => ({ ...usual, apikey }))
    return posted(path, bytesOf(fc.jsonValue()), { headers: withKey })
  }
}

function callback({ waysBack }: Given): fc.Arbitrary<Drawn> {
  const state = fc.base64String({ minLength: 44, maxLength: 44 }).map((text) =>
    text.slice(0, 43).replaceAll('+', '-').replaceAll('/', '_')
  )
  const random = fc.tuple(state, strangeText).map((
    [known, code],
  ) => [['state', known], ['code', code]])
  const real = fc.constantFrom(...waysBack.map((params) => [...params]))
  const change = fc.tuple(
    fc.nat(8),
    fc.constantFrom('drop', 'twice', 'other', 'error', 'none'),
    strangeText,
  )
  return got(
    fc.tuple(fc.oneof(random, real, real), change).map(([params, [at, how, text]]) => {
      const changed = params.map(([name, value]) => [name!, value!])
      const place = at % changed.length
      if (how === 'drop') changed.splice(place, 1)
      if (how === 'twice') changed.push(changed[place]!)
      if (how === 'other') changed[place] = [changed[place]![0]!, text]
      if (how === 'error') changed.push(['error', text], ['error_description', text])
      return `/oauth/callback?${new URLSearchParams(changed)}`.slice(0, 40_000)
    }),
    // Some authorization servers come back with a form (response_mode=form_post): it opens nothing here.
    fc.oneof({ weight: 3, arbitrary: mostlyGet }, { weight: 1, arbitrary: fc.constant('POST') }),
  )
}

export const entries: Entry[] = [
  { name: 'POST /', reaches: [200, 400, 401, 404, 405], draw: operation },
  { name: 'POST /chat', reaches: [200, 400, 401], draw: chat },
  { name: 'POST /reseal', reaches: [200, 401], draw: keyed('/reseal') },
  { name: 'POST /tick', reaches: [200, 401], draw: keyed('/tick') },
  { name: 'GET, POST /oauth/callback', reaches: [303, 400], draw: callback },
  { name: 'GET /health', reaches: [200], draw: () => got(query.map((asked) => `/health${asked}`)) },
  {
    name: 'GET /oauth/client.json',
    reaches: [200],
    draw: () => got(query.map((asked) => `/oauth/client.json${asked}`)),
  },
]
