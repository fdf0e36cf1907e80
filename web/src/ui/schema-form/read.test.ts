import { describe, expect, it } from 'vitest'
import { draftOf, fits } from './draft.ts'
import { type Draft, type Field, VariantDraft } from './field.ts'
import { planForm } from './plan.ts'
import { placeProblems, withoutPrefix } from './problems.ts'
import { readDraft } from './read.ts'

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 2 },
    amount: { type: 'number', minimum: 0, multipleOf: 0.1 },
    loud: { type: 'boolean' },
    color: { enum: ['red', 'green'] },
    tags: { type: 'array', items: { type: 'string' } },
    address: {
      type: 'object',
      properties: { street: { type: 'string' }, zip: { type: 'integer' } },
      required: ['street'],
    },
    extra: { type: 'object' },
  },
  required: ['name'],
}
const form = planForm(schema)

function typed(drafts: Record<string, Draft>) {
  const blank = draftOf(form, undefined) as Record<string, Draft>
  return readDraft(form, { ...blank, ...drafts })
}

describe('what is typed', () => {
  it('leaves empty optional fields out of the value', () => {
    expect(typed({ name: 'Ada' })).toEqual({ value: { name: 'Ada' }, problems: [] })
  })

  it('becomes a value of the type the schema asks for', () => {
    const read = typed({
      name: 'Ada',
      amount: ' 0.3 ',
      loud: true,
      color: '1',
      tags: ['a', 'b'],
      address: { street: 'Rue 1', zip: '' },
      extra: '{ "any": [1, null] }',
    })
    expect(read).toEqual({
      value: {
        name: 'Ada',
        amount: 0.3,
        loud: true,
        color: 'green',
        tags: ['a', 'b'],
        address: { street: 'Rue 1' },
        extra: { any: [1, null] },
      },
      problems: [],
    })
  })

  it('is told, field by field, what is wrong with it', () => {
    const read = typed({
      name: 'A',
      amount: '-1',
      tags: [''],
      address: { street: '', zip: '1.5' },
      extra: '[1]',
    })
    expect(read.problems.map(({ path }) => path))
      .toEqual(['name', 'amount', 'tags.0', 'address.street', 'address.zip', 'extra'])
    expect(read.problems[1]!.message).toBe('Must be 0 or more')
  })

  it('names what is needed when nothing was typed', () => {
    expect(typed({}).problems).toEqual([{ path: 'name', message: 'This is needed' }])
  })

  it('refuses numbers that are not numbers, and whole numbers too large to be exact', () => {
    const whole = planForm({ properties: { n: { type: 'integer' } } })
    for (const text of ['abc', '1e999', '1,5', '1.5', '9007199254740993']) {
      expect(readDraft(whole, { n: text }).problems, text).toHaveLength(1)
    }
    expect(readDraft(whole, { n: '-12' }).value).toEqual({ n: -12 })
  })

  it('is null for a required field that may be null and is empty', () => {
    const nullable = planForm({ properties: { n: { type: ['string', 'null'] } }, required: ['n'] })
    expect(readDraft(nullable, { n: '' })).toEqual({ value: { n: null }, problems: [] })
  })

  it('checks formats a person can get wrong', () => {
    const formats = planForm({
      properties: {
        mail: { type: 'string', format: 'email' },
        at: { type: 'string', format: 'uri' },
      },
    })
    expect(readDraft(formats, { mail: 'nobody', at: 'example' }).problems).toHaveLength(2)
    expect(readDraft(formats, { mail: 'a@b.test', at: 'https://a.test' }).problems).toEqual([])
  })

  it('is read by the chosen variant only', () => {
    const either = planForm({ properties: { v: { type: ['string', 'integer'] } }, required: ['v'] })
    expect(readDraft(either, { v: new VariantDraft(1, '7') }).value).toEqual({ v: 7 })
    expect(readDraft(either, { v: new VariantDraft(0, '7') }).value).toEqual({ v: '7' })
  })

  it('says how many a list needs', () => {
    const list = planForm({
      properties: { l: { type: 'array', items: { type: 'string' }, minItems: 2 } },
      required: ['l'],
    })
    expect(readDraft(list, { l: ['a'] }).problems).toEqual([{
      path: 'l',
      message: 'Add at least 2',
    }])
  })
})

describe('what a form starts with', () => {
  it('is the default where no value is given', () => {
    const preset = planForm({ properties: { a: { type: 'integer', default: 10 } } })
    expect(readDraft(preset, draftOf(preset, undefined)).value).toEqual({ a: 10 })
    expect(readDraft(preset, draftOf(preset, { a: 3 })).value).toEqual({ a: 3 })
  })

  it('brings a whole value back unchanged', () => {
    const value = {
      name: 'Ada',
      amount: 1.5,
      loud: false,
      color: 'red',
      tags: ['x'],
      address: { street: 's', zip: 3 },
      extra: { deep: { er: [1] } },
    }
    expect(readDraft(form, draftOf(form, value)).value).toEqual(value)
    expect(fits(form, value)).toBe(true)
  })

  it('does not fit a value with names or types the fields would lose', () => {
    expect(fits(form, { name: 'Ada', unknown: 1 })).toBe(false)
    expect(fits(form, { name: 12 })).toBe(false)
  })
})

describe('problems the server found', () => {
  const placed = (path: string, field: Field = form) =>
    placeProblems([withoutPrefix({ path, message: 'no' })], { field, draft: draftOf(field, {}) })

  it('stand beside their field', () => {
    expect(placed('parameters.address.street').get('address.street')).toBe('no')
  })

  it('that no field is drawn for go to the nearest one that is, or to the whole form', () => {
    expect(placed('parameters.tags.4').get('tags')).toBe('tags.4: no')
    expect(placed('parameters.unknown').get('')).toBe('unknown: no')
    expect(placed('parameters').get('')).toBe('no')
  })
})
