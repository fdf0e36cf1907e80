// What is put where something else belongs, and what a valid body becomes: values first, then the bytes that
// carry them. Addresses stay on this machine: nothing here could lead a request anywhere else.
import fc from 'fast-check'

const nested = (depth: number): unknown => {
  let value: unknown = []
  for (let level = 1; level < depth; level++) value = [value]
  return value
}

const strings = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'x\udc00',
    '\u202e',
    '\ufeff',
    '\r\nX-Evil: 1',
    'é'.normalize('NFD'),
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then'],
  ...[
    "' or '1'='1",
    '1; drop table teams',
    '%00',
    '../../etc/passwd',
    '${7*7}',
    '{{7*7}}',
    '<script>',
  ],
  ...[
    'NaN',
    'Infinity',
    '-0',
    '0x10',
    '1e999',
    'null',
    'undefined',
    '[object Object]',
    '2026-02-30',
  ],
  ...['x'.repeat(300), 'x'.repeat(9_000), '\u{1f600}'.repeat(30_000)],
]
const numbers = [0, -0, -1, 0.1, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53 + 2, 2 ** 63]

/** Any JSON value that does not belong. */
const strange: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...strings) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, ...numbers) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>([], {}, [[]], { $ne: null }, nested(70), nested(1_500)),
  },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(Array(2_000).fill('x'), Array(500).fill({})) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.uuid() },
)

/** Addresses that are refused, or where nobody listens. */
export const addresses = [
  ...[
    'http://127.0.0.1:1/mcp',
    'http://127.0.0.1:1',
    'http://127.0.0.1:0/',
    'http://127.0.0.1:99999/',
  ],
  ...[
    'http://127.1:1/',
    'http://0x7f000001:1/',
    'http://2130706433:1/',
    'http://[::ffff:127.0.0.1]:1/',
  ],
  ...['http://10.0.0.1/', 'http://169.254.169.254/latest', 'http://0.0.0.0:1/', 'http://[::1]:1/'],
  ...[
    'https://127.0.0.1:1/',
    'http://a:b@127.0.0.1:1/',
    'http://127.0.0.1:1/%00?a=%ff#b',
    'http://',
  ],
  ...[
    'file:///etc/passwd',
    'javascript:0',
    'data:,x',
    '//127.0.0.1:1',
    'http:127.0.0.1:1',
    'http://127.0.0.1:1\\@',
  ],
]
const address = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...addresses) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 7, '', '\0', [], {}, 'x'.repeat(9_000)) },
)

/** What a step has at hand; each way of doing wrong takes what it needs. */
type Step = {
  at: number
  how: Way
  value: unknown
  text: string
  address: unknown
  name: string
}
type Spot = { parent: Container; key: string | number; here: unknown; step: Step }

const changes = {
  replace: ({ parent, key, step }: Spot) => put(parent, { key, value: fitting(key, step) }),
  /** Still of the right type, so that it gets further. */
  reword: ({ parent, key, here, step }: Spot) => {
    const value = typeof here === 'string' && key !== 'url' ? step.text : fitting(key, step)
    put(parent, { key, value })
  },
  remove: ({ parent, key }: Spot) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1)
    else delete parent[key]
  },
  add: ({ here, step }: Spot) => {
    if (!isContainer(here)) return
    const key = Array.isArray(here) ? here.length : step.name
    put(here, { key, value: fitting(key, step) })
  },
  list: ({ parent, key, here }: Spot) => put(parent, { key, value: [here, here] }),
  wrap: ({ parent, key, here }: Spot) => put(parent, { key, value: { [String(key)]: here } }),
  text: ({ parent, key, here }: Spot) => {
    put(parent, { key, value: typeof here === 'string' ? here.length : JSON.stringify(here) ?? '' })
  },
}
type Way = keyof typeof changes

/** Whatever stands for an address is followed when it is one. */
function fitting(key: string | number, { value, address }: Step): unknown {
  return structuredClone(key === 'url' || key === 'config' ? address : value)
}

function put(
  into: Container,
  { key, value }: { key: string | number; value: unknown },
): void {
  // Not an assignment, which `__proto__` would swallow.
  Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true })
}

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(10_000),
  how: fc.constantFrom<Way>(
    ...['reword', 'reword', 'reword', 'reword', 'reword'] as const,
    ...['replace', 'replace', 'remove', 'add', 'add', 'list', 'wrap', 'text'] as const,
  ),
  value: strange,
  text: fc.constantFrom(...strings),
  address,
  name: fc.constantFrom(
    ...['__proto__', 'constructor', 'x', '', '\0', 'team_id', 'user_id', 'role', 'url', 'id'],
  ),
})

/** A valid body with up to three things wrong. */
export function mutated(valid: unknown): fc.Arbitrary<unknown> {
  return fc.array(step, { minLength: 1, maxLength: 3 })
    .map((steps) => steps.reduce(applied, structuredClone(valid)))
}

/** An object or a list: both are asked by key. */
type Container = Record<string | number, unknown>
type Place = { parent: Container; key: string | number }

function placesIn(parent: Container, depth = 0): Place[] {
  if (depth > 6) return []
  const keys = Array.isArray(parent) ? [...parent.keys()].slice(0, 20) : Object.keys(parent)
  return keys.flatMap((key) => {
    const inside = parent[key]
    const deeper = isContainer(inside) ? placesIn(inside, depth + 1) : []
    return [{ parent, key }, ...deeper]
  })
}

function applied(body: unknown, step: Step): unknown {
  const root: Container = { body }
  const all = placesIn(root)
  const texts = all.filter(({ parent, key }) => typeof parent[key] === 'string')
  const places = step.how === 'reword' && texts.length > 0 ? texts : all
  const { parent, key } = places[step.at % places.length]!
  changes[step.how]({ parent, key, here: parent[key], step })
  return root.body
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

/** What goes wrong on the way from a value to bytes, most often nothing. `at` chooses where. */
const damages: ((text: string, at: number) => string | Uint8Array)[] = [
  (text, at) => text.slice(0, at % (text.length + 1)),
  (text, at) => spliced(text, { at, bytes: [0xff, 0xfe] }),
  (text, at) => spliced(text, { at, bytes: [0xc0, 0x80] }),
  (text, at) => spliced(text, { at, bytes: [0xed, 0xa0, 0x80] }),
  (text, at) => spliced(text, { at, bytes: [0] }),
  (text) => `\ufeff${text}`,
  (text) => `${text}${text}`,
  (text) => text.replace('{', '{"__proto__":{"role":"owner"},'),
  (text) => text.replace('{', '{"action":"get_model",'),
  (text) => text.replace('{', '{"n":1e999,'),
  (text) => text.replace('{', `{"n":${'9'.repeat(400)},`),
  (text) => text.replace('{', '{"s":"\\ud800",'),
  (text) => text.replace('{', '{"z":"\\u0000",'),
  () => '['.repeat(60_000),
  () => `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  () => '',
]

function spliced(text: string, { at, bytes }: { at: number; bytes: number[] }): Uint8Array {
  const whole = new TextEncoder().encode(text)
  const where = at % (whole.length + 1)
  return Uint8Array.from([...whole.subarray(0, where), ...bytes, ...whole.subarray(where)])
}

/** The bytes of a body: as they should be, damaged, or nothing but noise. */
export function bytesOf(body: fc.Arbitrary<unknown>): fc.Arbitrary<string | Uint8Array> {
  const text = body.map((value) => JSON.stringify(value) ?? '')
  const damaged = fc.tuple(text, fc.constantFrom(...damages), fc.nat(100_000))
    .map(([whole, damage, at]) => damage(whole, at))
  return fc.oneof(
    { weight: 16, arbitrary: text },
    { weight: 2, arbitrary: damaged },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  )
}

/** Text for a query string or a header value, wherever one may stand. */
export const strangeText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...strings).map((text) => text.toWellFormed()),
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
)
