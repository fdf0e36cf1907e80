// What a model is shown again of files that came with earlier messages. That rows are read under the person’s own
// eyes is tested over the wire (tests/function/attachments.test.ts).
import assert from 'node:assert/strict'
import { base64, pictures } from '../../../tests/models/pictures.ts'
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import type { ChatMessage } from './history.ts'
import { withFiles } from './past-files.ts'

type Row = { id: string; name: string; media_type: string; content: string }

const picture = (id: string): Row => ({
  id,
  name: `${id}.png`,
  media_type: 'image/png',
  content: pictures['image/png'],
})
const text = (id: string, content: string): Row => ({
  id,
  name: `${id}.txt`,
  media_type: 'text/plain',
  content: base64(content),
})

/** A message for each row, oldest first, and a database that has them and says what it was asked. */
async function shown(rows: Row[], { takes_images = true, kept = rows } = {}) {
  const asked: Record<string, unknown> = {}
  const query = {
    select: () => query,
    eq: (column: string, value: string) => (asked[column] = value, query),
    in: (_column: string, ids: string[]) => {
      asked.ids = ids
      return Promise.resolve({ data: kept.filter(({ id }) => ids.includes(id)), error: null })
    },
  }
  const app = { db: { as: () => ({ from: () => query }) } } as unknown as App
  const messages = rows.map(({ id, name, media_type }): ChatMessage => ({
    id: `m-${id}`,
    role: 'user',
    parts: [
      { type: 'text', text: 'look' },
      { type: 'file', filename: name, mediaType: media_type, url: `attachment:${id}` },
    ],
  }))
  const member = { team_id: 'team' } as Member
  const result = await withFiles(app, { member, turn: { chat_id: 'chat' }, takes_images }, messages)
  return { asked, parts: result.map(({ parts }) => parts[1]!) }
}

Deno.test('of earlier pictures the newest three are shown again, the others are named', async () => {
  const { parts, asked } = await shown(['a', 'b', 'c', 'd'].map(picture))
  assert.deepEqual(parts.map(({ type }) => type), ['text', 'file', 'file', 'file'])
  assert.ok(parts[0]?.type === 'text' && /a\.png.*earlier message/.test(parts[0].text))
  assert.deepEqual(asked, { team_id: 'team', chat_id: 'chat', ids: ['d', 'c', 'b'] })
})

Deno.test('a model without eyes is sent no picture, and none is read for it', async () => {
  const { parts, asked } = await shown([picture('a')], { takes_images: false })
  assert.ok(parts[0]?.type === 'text' && /not shown/.test(parts[0].text))
  assert.equal(asked.ids, undefined)
})

Deno.test('the newest texts are shown first, and together no more than fits', async () => {
  const long = 'x'.repeat(30_000)
  const { parts } = await shown([text('a', long), text('b', long), text('c', 'short')])
  const letters = parts.map((part) => part.type === 'text' ? part.text.split('\n')[2]!.length : 0)
  assert.deepEqual(letters, [9_995, 30_000, 5])
})

Deno.test('a file that can no longer be read is named, not passed on as an address', async () => {
  const { parts } = await shown([picture('a'), text('b', 'x')], { kept: [] })
  assert.ok(parts.every((part) => part.type === 'text' && /not shown/.test(part.text)))
  assert.doesNotMatch(JSON.stringify(parts), /attachment:/)
})
