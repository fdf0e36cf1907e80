import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { draftOf } from './draft.ts'
import type { Field } from './field.ts'
import { planForm, takesNothing } from './plan.ts'
import { readDraft } from './read.ts'

function fieldOf(schema: Record<string, unknown>, root: Record<string, unknown> = {}): Field {
  const form = planForm({ type: 'object', properties: { x: schema }, ...root })
  if (form.kind !== 'group') throw new Error(`the form is ${form.kind}`)
  return form.fields[0]!.field
}

describe('what a schema becomes', () => {
  it('draws each simple type with its own control', () => {
    expect(fieldOf({ type: 'string' })).toMatchObject({ kind: 'text', format: 'text' })
    expect(fieldOf({ type: 'string', format: 'email' })).toMatchObject({ format: 'email' })
    expect(fieldOf({ type: 'string', format: 'date-time' })).toMatchObject({ format: 'date-time' })
    expect(fieldOf({ type: 'integer', minimum: 1, maximum: 9 })).toMatchObject({
      kind: 'number',
      integer: true,
      min: 1,
      max: 9,
    })
    expect(fieldOf({ type: 'boolean' }).kind).toBe('switch')
    expect(fieldOf({ enum: ['a', 'b'] })).toMatchObject({
      kind: 'choice',
      options: [{ label: 'a', value: 'a' }, { label: 'b', value: 'b' }],
    })
    expect(fieldOf({ type: 'array', items: { type: 'string' } })).toMatchObject({
      kind: 'list',
      item: { kind: 'text' },
    })
    expect(fieldOf({ type: 'object', properties: { y: { type: 'string' } } }).kind).toBe('group')
  })

  it('puts required fields first and says which they are', () => {
    const form = planForm({
      type: 'object',
      properties: { later: { type: 'string' }, now: { type: 'string' } },
      required: ['now'],
    })
    expect(form.kind === 'group' && form.fields.map(({ name, field }) => [name, field.required]))
      .toEqual([['now', true], ['later', false]])
  })

  it('makes words of a name that has no title', () => {
    expect(fieldOf({ type: 'string', title: 'City' }).label).toBe('City')
    const form = planForm({ properties: { max_resultCount: { type: 'string' } } })
    expect(form.kind === 'group' && form.fields[0]!.field.label).toBe('Max result count')
  })

  it('reads titled constants and draft-07 names as the labels of choices', () => {
    expect(fieldOf({ oneOf: [{ const: 1, title: 'One' }, { const: 2, title: 'Two' }] }))
      .toMatchObject({ options: [{ label: 'One', value: 1 }, { label: 'Two', value: 2 }] })
    expect(fieldOf({ enum: [1, 2], enumNames: ['One', 'Two'] }))
      .toMatchObject({ options: [{ label: 'One', value: 1 }, { label: 'Two', value: 2 }] })
  })

  it('takes null as a way of being empty', () => {
    for (
      const schema of [
        { type: ['string', 'null'] },
        { anyOf: [{ type: 'string' }, { type: 'null' }] },
        { type: 'string', nullable: true },
      ]
    ) expect(fieldOf(schema)).toMatchObject({ kind: 'text', nullable: true })
    expect(fieldOf({ type: ['string'] })).toMatchObject({ kind: 'text', nullable: false })
  })

  it('offers several simple types as variants', () => {
    const field = fieldOf({ type: ['string', 'integer'] })
    expect(field.kind === 'variant' && field.variants.map(({ kind }) => kind))
      .toEqual(['text', 'number'])
  })

  it('opens references inside the document, with the words beside them winning', () => {
    const $defs = { 'a/b': { type: 'integer', description: 'inner' } }
    expect(fieldOf({ $ref: '#/$defs/a~1b', description: 'outer' }, { $defs }))
      .toMatchObject({ kind: 'number', description: 'outer' })
  })

  it('knows a tool that takes nothing', () => {
    expect(takesNothing(planForm({ type: 'object' }))).toBe(true)
    expect(takesNothing(planForm({ type: 'object', properties: { x: {} } }))).toBe(false)
  })
})

describe('a hostile schema', () => {
  it('that refers to itself becomes JSON where it does', () => {
    const tree = {
      type: 'object',
      properties: { name: { type: 'string' }, child: { $ref: '#/$defs/tree' } },
    }
    const form = planForm({
      type: 'object',
      properties: { root: { $ref: '#/$defs/tree' } },
      $defs: { tree },
    })
    const root = form.kind === 'group' ? form.fields[0]!.field : form
    expect(root.kind === 'group' && root.fields.map(({ field }) => field.kind))
      .toEqual(['text', 'json'])
    expect(fieldOf({ $ref: '#' }).kind).toBe('json')
    expect(planForm({ $ref: '#' }).kind).toBe('json')
  })

  it('that nests without end is cut off at a depth', () => {
    let deep: Record<string, unknown> = { type: 'string' }
    for (let n = 0; n < 40; n++) deep = { type: 'object', properties: { d: deep } }
    let field = planForm(deep)
    let groups = 0
    for (; field.kind === 'group'; groups++) field = field.fields[0]!.field
    expect([groups, field.kind]).toEqual([6, 'json'])
  })

  it('of any JSON at all becomes a form whose start can be read back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.jsonValue(), (schema, value) => {
        const form = planForm({ type: 'object', properties: { x: schema, y: { enum: [schema] } } })
        readDraft(form, draftOf(form, { x: value, y: schema }))
        planForm(schema)
      }),
      { numRuns: 300 },
    )
  })

  it('that doubles at every level is cut off by the number of fields', () => {
    const $defs: Record<string, unknown> = { l0: { type: 'string' } }
    for (let n = 1; n < 40; n++) {
      const inner = { $ref: `#/$defs/l${n - 1}` }
      const properties = Object.fromEntries(Array.from('abcdefghij').map((name) => [name, inner]))
      $defs[`l${n}`] = { type: 'object', properties }
    }
    expect(planForm({ properties: { x: { $ref: '#/$defs/l39' } }, $defs }).kind).toBe('json')
  })

  it('with a huge enum becomes a text field, or JSON when the values are not text', () => {
    const many = Array.from({ length: 5_000 }, (_, n) => n)
    expect(fieldOf({ enum: many.map(String) }).kind).toBe('text')
    expect(fieldOf({ enum: many }).kind).toBe('json')
  })

  it('with a thousand properties becomes JSON', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, n) => [`p${n}`, { type: 'string' }]),
    )
    expect(planForm({ type: 'object', properties })).toMatchObject({
      kind: 'json',
      shape: 'object',
    })
  })

  it('that requires a name it never describes becomes JSON, where it can be written', () => {
    expect(planForm({ properties: { a: { type: 'string' } }, required: ['b'] }).kind).toBe('json')
  })

  it('of any broken shape never throws', () => {
    for (
      const broken of [
        null,
        false,
        'x',
        [],
        { type: 7 },
        { properties: { a: null, b: 3, c: [] } },
        { properties: [] },
        { properties: { a: { $ref: 3 } } },
        { properties: { a: { $ref: 'https://elsewhere.example/schema' } } },
        { properties: { a: { $ref: '#/%E0%A4%A' } } },
        { properties: { a: { enum: [{ deep: true }] } } },
        { properties: { a: { anyOf: [null, 3] } } },
        { properties: { a: { type: [] } } },
        { properties: { constructor: { type: 'string' }, toString: { type: 'string' } } },
        JSON.parse('{"properties":{"__proto__":{"type":"string"}}}'),
      ]
    ) expect(['group', 'json']).toContain(planForm(broken).kind)
  })
})
