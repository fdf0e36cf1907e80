// How tests of the chat talk: a message is sent to any process of the function, its answer is read as the AI
// SDK’s own client reads it, and what became of it is in the database.
import assert from 'node:assert/strict'
import {
  parseJsonEventStream,
  readUIMessageStream,
  type UIMessageChunk,
  uiMessageChunkSchema,
} from 'ai'
import type { ChatMessage } from '../../functions/mcp-client/chat/history.ts'
import type { Person } from '../running-stack.ts'
import type { SecondFunction } from './second-function.ts'
import { stack, untilRows } from './the-stack.ts'

export type Sent = {
  team_id?: string
  chat_id?: string
  id?: string
  text: string
  files?: Record<string, unknown>[]
  visibility?: 'private' | 'team'
  replaces?: string
  signal?: AbortSignal
}

/** To this process, or to the stack’s own. */
export function send(person: Person, sent: Sent, to?: SecondFunction): Promise<Response> {
  const { id = crypto.randomUUID(), chat_id = crypto.randomUUID(), text, files, signal, ...more } =
    sent
  const message = { id, role: 'user', parts: [{ type: 'text', text }, ...files ?? []] }
  const headers = {
    'content-type': 'application/json',
    apikey: stack.publishable_key,
    authorization: `Bearer ${person.token}`,
  }
  const body = { chat_id, message, ...more }
  if (to) return to.post('/chat', { headers, body, ...(signal ? { signal } : {}) })
  return fetch(`${stack.url}/functions/v1/mcp-client/chat`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  })
}

/** The chunks of an answer, each checked by the AI SDK’s own schema. */
export async function* chunksOf(response: Response): AsyncGenerator<UIMessageChunk> {
  assert.equal(response.status, 200)
  const parsed = parseJsonEventStream({ stream: response.body!, schema: uiMessageChunkSchema })
  for await (const chunk of parsed) {
    assert.ok(chunk.success, JSON.stringify(chunk))
    yield chunk.value
  }
}

export async function answerTo(
  person: Person,
  sent: Sent,
  to?: SecondFunction,
): Promise<ChatMessage> {
  const stream = ReadableStream.from(chunksOf(await send(person, sent, to)))
  let last: ChatMessage | null = null
  const states = readUIMessageStream<ChatMessage>({ stream, terminateOnError: true })
  for await (const state of states) last = state
  assert.ok(last)
  return last
}

/** Sends a message and leaves as soon as one piece of its answer is as asked. Gives the answer’s id. */
export async function leaveAt(
  person: Person,
  sent: Sent,
  { when, to }: { when: (chunk: UIMessageChunk) => boolean; to?: SecondFunction },
): Promise<string> {
  const leaving = new AbortController()
  const response = await send(person, { ...sent, signal: leaving.signal }, to)
  let id: string | undefined
  await assert.rejects(async () => {
    for await (const chunk of chunksOf(response)) {
      if (chunk.type === 'start') id = chunk.messageId
      if (when(chunk)) leaving.abort()
    }
    throw new DOMException('the answer ended by itself', 'NotFoundError')
  }, { name: 'AbortError' })
  return id!
}

const messagesOf = (chat_id: string) =>
  `astra_messages?chat_id=eq.${chat_id}&order=created_at,id&select=*`

export async function rowsOf(chat_id: string) {
  return (await stack.asService(messagesOf(chat_id))).body
}

/** The newest row of a chat once it is as asked. */
// deno-lint-ignore no-explicit-any -- a test reads whatever is in a row
export async function untilNewest(chat_id: string, holds: (row: any) => boolean): Promise<any> {
  const newestHolds = (rows: unknown[]) => rows.length > 0 && holds(rows.at(-1))
  return (await untilRows(messagesOf(chat_id), newestHolds)).at(-1)
}

/** The newest answer, ended. */
export const ended = (chat_id: string) =>
  untilNewest(chat_id, ({ role, status }) => role === 'assistant' && status !== 'streaming')

export const wordsOf = (row: { parts: { type: string; text?: string }[] }) =>
  row.parts.map((part) => part.type === 'text' ? part.text : '').join('')

export type Output = {
  kind: string
  code?: string
  status?: string
  execution_id?: string
  approval?: { approval_id: string }
  result?: { content: { text: string }[] }
}

/** What the first call of an answer came to. */
export function outputOf(message: Pick<ChatMessage, 'parts'>): Output {
  const part = message.parts.find((one) => one.type === 'dynamic-tool')
  assert.equal(part?.state, 'output-available')
  return part?.output as Output
}
