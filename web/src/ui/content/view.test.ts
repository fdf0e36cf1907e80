import { describe, expect, it } from 'vitest'
import { csvOf } from './csv.ts'
import { cellText, isCounted, shapeOf } from './shape.ts'
import { viewsOf, webAddress } from './view.ts'

const views = (...content: { type: string; [key: string]: unknown }[]) => viewsOf({ content })

describe('a part of a result', () => {
  it('is plain text unless it is clearly markdown or JSON', () => {
    expect(views({ type: 'text', text: 'It is 5 * 3 today' })[0]!.kind).toBe('text')
    expect(views({ type: 'text', text: '# Head\n\n- a\n- b' })[0]!.kind).toBe('markdown')
    expect(views({ type: 'text', text: ' {"a":1}' })[0]).toEqual({ kind: 'value', value: { a: 1 } })
    expect(views({ type: 'text', text: '{not json' })[0]!.kind).toBe('text')
    expect(views({ type: 'text', text: '42' })[0]!.kind).toBe('text')
    // Nobody writes this, and reading it would hold up the page.
    for (const mark of ['> ', '- ', '[', '1. ']) {
      expect(views({ type: 'text', text: `# Head\n${mark.repeat(60)}x` })[0]!.kind).toBe('text')
    }
  })

  it('that is said twice, structured and as JSON text, is shown once', () => {
    const structuredContent = { temperature: 33, conditions: 'Cloudy' }
    const text = JSON.stringify(structuredContent, null, 2)
    const content = [{ type: 'text', text }, { type: 'text', text: 'It is warm' }]
    expect(viewsOf({ content, structuredContent }).map(({ kind }) => kind))
      .toEqual(['value', 'text'])
  })

  it('is the same in any order of its keys, and another with another value', () => {
    const structuredContent = { humidity: 82, place: { name: 'Chicago', at: [1, 2] } }
    const told = (value: unknown) =>
      viewsOf({ content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent })
        .length
    expect(told({ place: { at: [1, 2], name: 'Chicago' }, humidity: 82 })).toBe(1)
    expect(told({ place: { at: [2, 1], name: 'Chicago' }, humidity: 82 })).toBe(2)
  })

  it('that is nested too deeply to be compared is shown all the same', () => {
    const text = '[{"a":'.repeat(20_000) + '1' + '}]'.repeat(20_000)
    const structuredContent: unknown = JSON.parse(text)
    expect(viewsOf({ content: [{ type: 'text', text }], structuredContent })).toHaveLength(2)
  })

  it('is a picture only when it is data of a known kind', () => {
    const image = { type: 'image', mimeType: 'image/png', data: 'iVBORw0K' }
    expect(views(image)[0]).toMatchObject({
      kind: 'image',
      source: 'data:image/png;base64,iVBORw0K',
      alt: 'Image',
    })
    expect(views(image, { type: 'text', text: 'x' }, { ...image })[2])
      .toMatchObject({ alt: 'Image 2' })
    for (
      const hostile of [
        { ...image, mimeType: 'text/html' },
        { ...image, mimeType: 'image/png,<script>' },
        { ...image, data: 'https://elsewhere.example/pixel.png' },
        { ...image, data: 7 },
      ]
    ) expect(views(hostile)[0]!.kind).toBe('unknown')
  })

  it('is a link to follow only when it leads to the web', () => {
    expect(webAddress('https://a.test/x')).toBe('https://a.test/x')
    for (
      const uri of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'demo://a']
    ) {
      expect(webAddress(uri), uri).toBeNull()
    }
  })

  it('that embeds a page of HTML stays text', () => {
    const resource = {
      uri: 'ui://card',
      mimeType: 'text/html',
      text: '<img src=x onerror=alert(1)>',
    }
    expect(views({ type: 'resource', resource })[0]).toMatchObject({
      kind: 'resource',
      views: [{ kind: 'text' }],
    })
  })

  it('that embeds unknown bytes is offered as a file, as bytes', () => {
    const resource = { uri: 'demo://a.zip', mimeType: 'application/zip', blob: 'UEsDBA==' }
    expect(views({ type: 'resource', resource })[0]).toMatchObject({
      kind: 'file',
      source: 'data:application/octet-stream;base64,UEsDBA==',
    })
  })

  it('of a kind nobody knows yet is kept', () => {
    expect(views({ type: 'hologram', depth: 3 })[0])
      .toEqual({ kind: 'unknown', type: 'hologram', value: { type: 'hologram', depth: 3 } })
  })
})

describe('the shape of a value', () => {
  it('is a table for a list of flat objects, typed by column', () => {
    const rows = [
      { name: 'a', total: 1, at: '2026-01-01T10:00:00Z' },
      { name: 'b', total: 2.5, at: null },
    ]
    expect(shapeOf(rows)).toMatchObject({
      kind: 'table',
      columns: [
        { name: 'name', type: 'text' },
        { name: 'total', type: 'number' },
        { name: 'at', type: 'time' },
      ],
    })
    expect(shapeOf({ result: rows }).kind).toBe('table')
  })

  it('is facts for a flat object, with its tables below', () => {
    expect(shapeOf({ count: 2, items: [{ a: 1 }] })).toMatchObject({
      kind: 'facts',
      facts: [{ name: 'count', title: 'Count', type: 'number', value: 2 }],
      parts: [{ title: 'Items', value: [{ a: 1 }] }],
    })
  })

  it('is a tree for what is mostly nested or too wide', () => {
    expect(shapeOf([{ a: { b: 1 }, c: { d: 1 }, e: 1 }]).kind).toBe('tree')
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`c${n}`, n]))
    expect(shapeOf([wide]).kind).toBe('tree')
    expect(shapeOf([]).kind).toBe('tree')
  })

  it('does not put separators into numbers that are names', () => {
    expect(['id', 'user_id', 'userId', 'year', 'zip'].map(isCounted)).not.toContain(true)
    expect(['total', 'paid', 'amount', 'width'].map(isCounted)).not.toContain(false)
  })
})

describe('a table saved as CSV', () => {
  it('disarms formulas, quotes what needs it, and keeps numbers', async () => {
    const cells = ['=HYPERLINK("https://x")', '+1', '-1', '@SUM(A1)', '\tx', 'a,"b"', 'plain']
    const columns = [
      { header: 'text', value: (row: { text: string }) => row.text },
      { header: 'n', value: () => -5 },
    ]
    const csv = await csvOf({ columns, rows: cells.map((text) => ({ text })) })
    expect(csv.split('\r\n')).toEqual([
      'text,n',
      `"'=HYPERLINK(""https://x"")",-5`,
      `"'+1",-5`,
      `"'-1",-5`,
      `"'@SUM(A1)",-5`,
      `"'\tx",-5`,
      '"a,""b""",-5',
      'plain,-5',
    ])
  })

  it('writes short lists and nested values into one cell', () => {
    expect(cellText(['a', 2, true])).toBe('a, 2, true')
    expect(cellText({ a: [1] })).toBe('{"a":[1]}')
    expect(cellText(null)).toBe('')
  })
})
