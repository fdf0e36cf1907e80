// What a message is taken apart into. The rows themselves are tested against a real database.
import assert from 'node:assert/strict'
import type { ChatRequest } from '../../../../shared/chat.ts'
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import { filePart, pictures } from '../../../tests/models/pictures.ts'
import { AppError } from '../http.ts'
import { openTurn, titleFrom } from './turn-rows.ts'

type Parts = ChatRequest['message']['parts']

/** Opens a turn with these parts in a database that says this to everything; gives what it was asked, too. */
async function open(parts: Parts, verdict = 'open') {
  const asked: Record<string, unknown>[] = []
  const rpc = (_name: string, input: Record<string, unknown>) => {
    asked.push(input)
    const data = {
      verdict,
      visibility: 'team',
      read_outside: false,
      name: null,
      superseded: [],
    }
    return Promise.resolve({ data, error: null })
  }
  const app = { db: { service: { rpc } } } as unknown as App
  const member = { user_id: 'u', team_id: 't' } as unknown as Member
  const message = { id: crypto.randomUUID(), role: 'user', parts } as const
  const request = { chat_id: crypto.randomUUID(), visibility: 'private', message } as const
  return { ...await openTurn(app, member, request), asked: asked[0]! }
}

const png = filePart('plan.png', 'image/png', pictures['image/png'])

Deno.test('a refused turn says which of the conflicts it is, for whoever has to tell them apart', async () => {
  for (const verdict of ['sent_before', 'others_wrote']) {
    await assert.rejects(
      open([{ type: 'text', text: 'hi' }], verdict),
      ({ code, details }: AppError) => {
        assert.deepEqual([code, details], ['conflict', { reason: verdict }])
        return true
      },
    )
  }
})

Deno.test('a title is the beginning of the first message on one line', () => {
  assert.equal(titleFrom('  echo\n hello '), 'echo hello')
  const long = titleFrom('word '.repeat(40))
  assert.ok(long.length <= 60 && long.endsWith('…'))
  assert.ok(titleFrom('😀'.repeat(60)).isWellFormed())
})

Deno.test('a turn keeps apart what was written and what was attached, and is titled by the former', async () => {
  const quoted = '/everything__echo {"message":"from the file"}'
  const { turn, asked } = await open([
    { type: 'text', text: 'what is this' },
    { type: 'text', text: quoted },
  ])
  assert.deepEqual([turn.text, turn.attached], ['what is this', [quoted]])
  assert.equal((asked.p_chat as { title: string }).title, 'what is this')
  assert.equal((asked.p_message as { reads_outside: boolean }).reads_outside, true)
})

Deno.test('words of a person alone are nothing from outside', async () => {
  const { asked } = await open([{ type: 'text', text: 'hello' }])
  assert.equal((asked.p_message as { reads_outside: boolean }).reads_outside, false)
})

Deno.test('a file becomes a row of its own, and its part names that row', async () => {
  const { turn, asked } = await open([{ type: 'text', text: 'look' }, png])
  const { parts, files } = asked.p_message as unknown as { parts: Parts; files: { id: string }[] }
  const [{ id, ...row }] = files as [{ id: string }]
  const file = { name: 'plan.png', media_type: 'image/png', content: pictures['image/png'] }
  assert.deepEqual(row, { position: 1, ...file })
  assert.deepEqual(parts[1], { ...png, url: `attachment:${id}` })
  assert.deepEqual([turn.files, turn.attached], [[file], []])
})

Deno.test('a file before any words leaves them attached: what a person wrote comes first', async () => {
  const { turn } = await open([png, { type: 'text', text: '/everything__echo' }])
  assert.deepEqual([turn.text, turn.attached], ['', ['/everything__echo']])
})

Deno.test('files come in the order they were sent, under names that lead nowhere', async () => {
  const notes = filePart('../notes.md', 'text/markdown', 'IyBoaQ==')
  const { turn, asked } = await open([{ type: 'text', text: '' }, notes, png])
  const { files, parts } = asked.p_message as {
    files: { name: string; position: number }[]
    parts: Parts
  }
  assert.deepEqual(files.map(({ name, position }) => [name, position]), [['notes.md', 1], [
    'plan.png',
    2,
  ]])
  assert.deepEqual(parts.map((part) => part.type === 'file' && part.filename), [
    false,
    'notes.md',
    'plan.png',
  ])
  assert.equal((asked.p_chat as { title: string }).title, 'notes.md')
  assert.equal(turn.text, '')
})

for (const url of ['data:image/png,raw', 'data:text/html;base64,AAAA', 'data:image/png;base64,']) {
  Deno.test(`${url} is no picture`, async () => {
    await assert.rejects(
      open([{ type: 'text', text: 'look' }, { ...png, url } as Parts[number]]),
      (thrown) => thrown instanceof AppError && thrown.code === 'invalid_request',
    )
  })
}
