import assert from 'node:assert/strict'
import { checkParameters, outputProblem } from './validation.ts'

const add = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    a: { type: 'number', minimum: 0 },
    unit: { enum: ['cm', 'inch'] },
    where: {
      type: 'object',
      properties: { city: { type: 'string', maxLength: 5 } },
      required: ['city'],
    },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  required: ['a'],
  additionalProperties: false,
}

Deno.test('parameters that fit have no problems', () => {
  const fitting = { a: 1, unit: 'cm', where: { city: 'Rome' }, tags: ['x'], note: null }
  assert.deepEqual(checkParameters(add, fitting), [])
})

Deno.test('every problem names its field by a dotted path', () => {
  const found = checkParameters(add, {
    a: -1,
    unit: 'mile',
    where: { city: 'Berlin' },
    tags: ['x', 2],
    note: 7,
    extra: true,
  })
  assert.deepEqual(Object.fromEntries(found.map((one) => [one.path, one.message])), {
    'parameters.extra': 'is not a parameter of this tool',
    'parameters.a': 'must be >= 0',
    'parameters.unit': 'must be one of "cm", "inch"',
    'parameters.where.city': 'must NOT have more than 5 characters',
    'parameters.tags.1': 'must be string',
    'parameters.note': 'must be string or null',
  })
})

Deno.test('a missing required parameter is named itself, also inside another', () => {
  assert.deepEqual(checkParameters(add, { where: {} }), [
    { path: 'parameters.a', message: 'is required' },
    { path: 'parameters.where.city', message: 'is required' },
  ])
  // An inherited name is not a parameter.
  assert.equal(checkParameters({ type: 'object', required: ['toString'] }, {}).length, 1)
})

Deno.test('local references, tuples of both drafts and dialects are understood', () => {
  const schema = {
    type: 'object',
    $defs: { point: { type: 'object', required: ['x'], properties: { x: { type: 'integer' } } } },
    properties: {
      at: { $ref: '#/$defs/point' },
      pair: { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'number' } },
      old: { type: 'array', items: [{ type: 'string' }], additionalItems: false },
    },
  }
  assert.deepEqual(checkParameters(schema, { at: { x: 1 }, pair: ['a', 1], old: ['a'] }), [])
  assert.deepEqual(
    checkParameters(schema, { at: { x: 'no' }, pair: ['a', 'b'], old: ['a', 2] })
      .map((one) => one.path).sort(),
    ['parameters.at.x', 'parameters.old', 'parameters.pair.1'],
  )
})

Deno.test('no regular expression of a schema ever runs', () => {
  const schema = {
    type: 'object',
    properties: { s: { type: 'string', pattern: '^(a+)+$', format: 'email' } },
    patternProperties: { '^(b+)+$': { type: 'number' } },
    additionalProperties: false,
  }
  const started = performance.now()
  const attack = { s: 'a'.repeat(200) + '!', ['b'.repeat(200) + '!']: 'text' }
  assert.deepEqual(checkParameters(schema, attack), [])
  assert.ok(performance.now() - started < 100)
})

Deno.test('leaving a pattern out never refuses what the schema admits', () => {
  const digits = { pattern: '^[0-9]+$' }
  const word = { a: 'word' }
  const schemas = [
    { type: 'object', properties: { a: { not: digits } } },
    { type: 'object', properties: { a: { oneOf: [digits, { type: 'string', minLength: 2 }] } } },
    { type: 'object', properties: { a: { if: digits, then: { maxLength: 1 } } } },
    { type: 'object', patternProperties: { a: {} }, additionalProperties: false },
    {
      type: 'object',
      $defs: { digits },
      properties: { a: { not: { $ref: '#/$defs/digits' } } },
    },
  ]
  for (const schema of schemas) {
    assert.deepEqual(checkParameters(schema, word), [], JSON.stringify(schema))
  }
})

Deno.test('a schema that cannot be judged has no problems, and nothing is fetched for it', async () => {
  let hits = 0
  const canary = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen() {} }, () => {
    hits++
    return new Response('{}')
  })
  const away = `http://127.0.0.1:${canary.addr.port}/schema.json`
  const schemas: Record<string, unknown>[] = [
    { type: 'object', properties: { a: { $ref: away } } },
    { $ref: away },
    { $schema: away, type: 'object' },
    { $id: away, type: 'object', properties: { a: { $ref: 'other.json' } } },
    { type: 'object', properties: { a: { $ref: '#/$defs/none' } } },
    { type: 'nonsense' },
    { $ref: '#' },
    { type: 'object', properties: { a: { $id: 'x', type: 'number' } } },
    deep(500),
  ]
  for (const schema of schemas) {
    assert.deepEqual(
      checkParameters(schema, { a: 'text' }),
      [],
      JSON.stringify(schema).slice(0, 80),
    )
  }
  await canary.shutdown()
  assert.equal(hits, 0)
})

Deno.test('hostile schemas cost less than a second each, on a busy machine too', () => {
  const doubling: Record<string, unknown> = { $defs: { d0: { type: 'string' } } }
  const defs = doubling.$defs as Record<string, unknown>
  for (let n = 1; n <= 40; n++) {
    const half = { $ref: `#/$defs/d${n - 1}` }
    defs[`d${n}`] = { allOf: [half, { ...half }] }
  }
  doubling.$ref = '#/$defs/d40'
  const recursive = {
    properties: { n: { allOf: [{ $ref: '#' }, { $ref: '#' }] } },
    type: 'object',
  }
  const wide = {
    type: 'object',
    properties: Object.fromEntries(
      Array.from({ length: 490 }, (_, n) => [`p${n}`, { type: 'string', enum: ['a', 'b'] }]),
    ),
  }
  const big = {
    type: 'object',
    properties: { a: { enum: Array.from({ length: 9e3 }, (_, n) => n) } },
  }
  for (const schema of [doubling, recursive, wide, big]) {
    const started = performance.now()
    checkParameters(schema, nest(60))
    const took = performance.now() - started
    assert.ok(took < 1_000, `${JSON.stringify(schema).slice(0, 60)} took ${took}`)
  }
})

Deno.test('a value with a fault in each of many places is judged in less than a second', () => {
  const items = { anyOf: [{ type: 'number' }, { type: 'boolean' }] }
  const schema = { type: 'object', properties: { a: { type: 'array', items } } }
  const started = performance.now()
  const problems = checkParameters(schema, { a: Array.from({ length: 10_000 }, () => 'x') })
  const took = performance.now() - started
  assert.deepEqual(problems[0], { path: 'parameters.a.0', message: 'must be number or boolean' })
  assert.equal(problems.length, 20)
  assert.ok(took < 1_000, `took ${took}`)
})

Deno.test('an answer that breaks its output schema is a problem, a tool error is none', () => {
  const schema = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] }
  const content: { type: string }[] = []
  assert.equal(outputProblem(schema, { content, structuredContent: { sum: 3 } }), null)
  assert.match(outputProblem(schema, { content, structuredContent: { sum: 'x' } })!, /promises/)
  assert.match(outputProblem(schema, { content })!, /lacks/)
  assert.equal(outputProblem(schema, { content, isError: true }), null)
  assert.equal(outputProblem(undefined, { content }), null)
})

function deep(levels: number): Record<string, unknown> {
  let schema: Record<string, unknown> = { type: 'number' }
  for (let n = 0; n < levels; n++) schema = { type: 'object', properties: { a: schema } }
  return schema
}

function nest(levels: number): Record<string, unknown> {
  let value: Record<string, unknown> = {}
  for (let n = 0; n < levels; n++) value = { n: value }
  return value
}
