// What the chat tests share: the reference server’s real tools, a stubbed corridor, and a reader that
// takes a stream apart exactly as the AI SDK’s client does.
import { readUIMessageStream, type UIMessageChunk } from 'ai'
import assert from 'node:assert/strict'
import type { ExecutionAnswer } from '../../../../shared/execution.ts'
import { keyedTools } from '../../../../shared/naming.ts'
import type { JsonSchema } from '../../../../shared/tool.ts'
import captured from '../../../tests/models/everything-tools.json' with { type: 'json' }
import { type Answer, answerStream } from './answer.ts'
import { AppError } from '../http.ts'
import type { ChatMessage } from './history.ts'
import { LIMITS } from './loop.ts'
import type { Chosen } from './model/choose.ts'
import { routerModel } from './model/router.ts'
import { readSlash } from './slash.ts'
import type { ChatTool, Run, Tools } from './tools.ts'

export const SERVER_ID = '3f0c1b52-6f0e-4b53-9d7f-2f4a2b6f9a01'

/** The reference server’s tools as they were listed, all allowed; `over` changes them. */
export function everythingTools(over: Partial<ChatTool> = {}): ChatTool[] {
  return captured.map((tool) => ({
    server_id: SERVER_ID,
    server_name: 'Everything',
    tool_name: tool.tool_name,
    title: tool.title,
    description: tool.description,
    input_schema: tool.input_schema as JsonSchema,
    policy: 'allow',
    ...over,
  }))
}

export function keyed(tools: ChatTool[]): Tools {
  return keyedTools(tools, new Map(tools.map((tool) => [tool.server_id, tool.server_name])))
}

export function tool(over: Partial<ChatTool> & { tool_name: string }): ChatTool {
  return {
    server_id: SERVER_ID,
    server_name: 'Everything',
    title: null,
    description: null,
    input_schema: { type: 'object', properties: {} },
    policy: 'allow',
    ...over,
  }
}

export function success(text: string): ExecutionAnswer {
  const result = { content: [{ type: 'text', text }] }
  return { execution_id: crypto.randomUUID(), status: 'success', result, duration_ms: 3 }
}

/** What the corridor answers to a call that nobody has approved. */
export function awaitingApproval(): ExecutionAnswer {
  const approval = {
    approval_id: crypto.randomUUID(),
    needs: 'self',
    expires_at: new Date().toISOString(),
    allows_always: false,
  } as const
  const execution_id = crypto.randomUUID()
  return { execution_id, status: 'awaiting_approval', approval, duration_ms: 0 }
}

/** A team whose servers offer no resources. */
const nothingToRead: Answer['resources'] = {
  list: () => Promise.resolve({ resources: [], templates: [] }),
  read: () => Promise.reject(new AppError('not_found', 'Nothing is offered to read.')),
}

export type Ran = Parameters<Run>[0]
export type Played = {
  chunks: UIMessageChunk[]
  message: ChatMessage
  kept: Parameters<Answer['keep']>[0]
  ran: Ran[]
}
type Setting = Partial<Omit<Answer, 'keep' | 'message_id'>> & {
  text: string
  onChunk?: (chunk: UIMessageChunk) => void
}

/** Plays one answer to its end: what was streamed, what the client makes of it, what was kept, what ran. */
export async function play(setting: Setting): Promise<Played> {
  const ran: Ran[] = []
  const kept: Played['kept'][] = []
  const tools = setting.tools ?? keyed(everythingTools())
  const message_id = crypto.randomUUID()
  const builtIn: Chosen = {
    model: routerModel(),
    described: { provider: 'router', name: 'Built-in router' },
    source: 'built_in',
    takes_images: false,
  }
  const stream = answerStream({
    speaker: null,
    attached: [],
    files: [],
    continues: false,
    servers: [],
    resources: nothingToRead,
    tools,
    slash: readSlash(setting.text, tools),
    model: () => Promise.resolve({ chosen: builtIn, past: [] }),
    stop: new AbortController().signal,
    limits: LIMITS,
    ...setting,
    message_id,
    run: (call, watch) => {
      const { policy } = [...tools.values()].find((one) =>
        one.server_id === call.server_id && one.tool_name === call.tool_name
      )!
      if (policy === 'ask' && !call.approved) return Promise.resolve(awaitingApproval())
      ran.push(call)
      return setting.run?.(call, watch) ?? Promise.resolve(success('done'))
    },
    keep: (one) => Promise.resolve(void kept.push(one)),
  })
  const chunks: UIMessageChunk[] = []
  for await (const chunk of stream) {
    chunks.push(chunk)
    setting.onChunk?.(chunk)
  }
  assert.equal(kept.length, 1, 'an answer is kept exactly once')
  const message = await asClient(chunks)
  assert.equal(message.id, message_id)
  return { chunks, message, kept: kept[0]!, ran }
}

/** What the AI SDK’s client makes of these chunks. Fails on any chunk that is out of order. */
async function asClient(chunks: UIMessageChunk[]): Promise<ChatMessage> {
  const wire = chunks.filter((chunk) => chunk.type !== 'error')
  const stream = ReadableStream.from<UIMessageChunk>(JSON.parse(JSON.stringify(wire)))
  let last: ChatMessage | null = null
  const states = readUIMessageStream<ChatMessage>({ stream, terminateOnError: true })
  for await (const state of states) last = state
  assert.ok(last)
  return last
}

export function textOf(message: Pick<ChatMessage, 'parts'>): string {
  return message.parts.map((part) => part.type === 'text' ? part.text : '').join('')
}

/** The outputs of a message’s tool parts, in order. */
export function outputsOf(message: Pick<ChatMessage, 'parts'>): Record<string, unknown>[] {
  return message.parts.flatMap((part) =>
    part.type === 'dynamic-tool' && part.state === 'output-available'
      ? [part.output as Record<string, unknown>]
      : []
  )
}
