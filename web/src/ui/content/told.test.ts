import { describe, expect, it } from 'vitest'
import { numberWords } from './number-words.ts'
import { shapeOf } from './shape.ts'
import { fieldOf, toldBy, toldOf } from './told.ts'

const schema = {
  type: 'object',
  properties: {
    rows: { type: 'array', items: { $ref: '#/$defs/Row' } },
    again: { $ref: '#/properties/again' },
    odd: { title: 7, unit: 'x'.repeat(40), format: 'html', description: {} },
  },
  $defs: {
    Row: {
      type: 'object',
      properties: {
        at: { type: 'string', title: 'Measured on', format: 'date' },
        temp_c: {
          type: ['number', 'null'],
          title: 'Temperature',
          unit: '°C',
          description: 'In shade',
        },
      },
    },
  },
}

describe('what a schema tells of a result', () => {
  it('heads the columns with its titles and units, in its order, through its references', () => {
    const rows = [{ temp_c: -3.5, extra: 1, at: '2026-11-29' }]
    expect(shapeOf({ rows }, toldBy(schema))).toMatchObject({
      kind: 'table',
      columns: [
        { name: 'at', title: 'Measured on', format: 'date', type: 'date' },
        { name: 'temp_c', title: 'Temperature', unit: '°C', description: 'In shade' },
        { name: 'extra', title: 'Extra', unit: null, description: null },
      ],
    })
  })

  it('is left aside where it is nonsense, goes round in a circle or is not there', () => {
    const told = toldBy(schema)
    expect(toldOf(told, 'again')).toBeNull()
    expect(toldOf(told, '__proto__')).toBeNull()
    expect(fieldOf('odd', toldOf(told, 'odd'))).toEqual({
      name: 'odd',
      title: 'Odd',
      description: null,
      unit: null,
      format: null,
    })
    expect(shapeOf([{ a: 1 }, { a: 2 }], toldBy(null)).kind).toBe('table')
  })

  it('gives a number its unit, and a share its percent', () => {
    const field = { name: 'temp', unit: '°C', format: null }
    expect(numberWords(1_250.5, field)).toBe('1,250.5\u00a0°C')
    expect(numberWords(0.0215, { name: 'share', unit: null, format: 'percent' })).toBe('2.15%')
    expect(numberWords(2026, { name: 'year', unit: null, format: null })).toBe('2026')
  })
})
