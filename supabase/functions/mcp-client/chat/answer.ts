// One answer as the AI SDK’s UI message stream: a person’s own slash command, or a model’s loop.
// It knows no database and no HTTP; what it gave is handed to `keep` once, however it ended.
import { createUIMessageStream, type ModelMessage, type UIMessageChunk } from 'ai'
import { AppError } from '../http.ts'
import { log } from '../log.ts'
import type { AttachedFile } from './attachments.ts'
import type { Show } from './call-card.ts'
import type { ChatMessage } from './history.ts'
import { type Ended as LoopEnded, type Limits, runLoop, sayText, type Writer } from './loop.ts'
import type { Chosen } from './model/choose.ts'
import { UNREADABLE } from './model/problem.ts'
import type { ResourceDoor } from './resources.ts'
import type { Slash } from './slash.ts'
import {
  callTool,
  type ChatServer,
  type ChatTool,
  type ProposedCall,
  type Run,
  type Tools,
} from './tools.ts'
import type { Close } from './turn-rows.ts'
import { commands } from './words.ts'

export type Answer = {
  message_id: string
  /** What the person wrote themselves: only these words can be a command. */
  text: string
  speaker: string | null
  attached: string[]
  files: AttachedFile[]
  /** It goes on from an answer: nobody has written anything. */
  continues: boolean
  servers: ChatServer[]
  tools: Tools
  /** What the message asks for as a command; otherwise `model` answers. */
  slash: Slash
  /** The model and what was said before; asked for only when it is the one to answer. */
  model: () => Promise<{ chosen: Chosen; past: ModelMessage[] }>
  run: Run
  resources: ResourceDoor
  stop: AbortSignal
  limits: Limits
  keep: (kept: Close) => Promise<void>
}

/** How it ended, and whether a language model had the word. */
type Ended = LoopEnded & { goes_on: boolean }

/** The stream of an answer. It must be read to its end for `keep` to be called. */
export function answerStream(answer: Answer): ReadableStream<UIMessageChunk> {
  let ended: Ended = { status: 'failed', problem: null, goes_on: false }
  return createUIMessageStream<ChatMessage>({
    generateId: () => answer.message_id,
    execute: async ({ writer }) => {
      ended = await compose(answer, writer)
    },
    // Told apart and logged before they come here.
    onError: () => UNREADABLE,
    onEnd: async ({ responseMessage, outcome }) => {
      const status = outcome.status === 'failed' ? 'failed' : ended.status
      const metadata = responseMessage.metadata ?? {}
      const { goes_on } = ended
      await answer.keep({ parts: responseMessage.parts, status, metadata, goes_on })
    },
  })
}

async function compose(answer: Answer, writer: Writer): Promise<Ended> {
  const { slash } = answer
  if (slash.kind === 'none') return await modelAnswer(answer, writer)
  writer.write({ type: 'start', messageId: answer.message_id })
  if (slash.kind === 'say') sayText(writer, slash.text)
  else await commandAnswer({ ...answer, slash }, writer)
  const status = answer.stop.aborted ? 'stopped' : 'done'
  return conclude(writer, { status, problem: null, goes_on: false })
}

async function modelAnswer(answer: Answer, writer: Writer): Promise<Ended> {
  const { message_id: messageId, text, speaker, attached, files, continues } = answer
  const { servers, tools, resources, limits, stop } = answer
  const ready = await answer.model().catch(sentenceOf)
  if (typeof ready === 'string') {
    writer.write({ type: 'start', messageId })
    return conclude(writer, { status: 'failed', problem: ready, goes_on: false })
  }
  const { chosen, past } = ready
  const router = chosen.described.provider === 'router'
  writer.write({ type: 'start', messageId, messageMetadata: { model: chosen.described } })
  if (router && continues) {
    sayText(writer, NOTHING_TO_ADD)
    return conclude(writer, { status: 'done', problem: null, goes_on: false })
  }
  const ended = await runLoop({
    chosen,
    past,
    continues,
    text,
    speaker,
    attached,
    files,
    servers,
    tools,
    resources,
    limits,
    stop,
    writer,
    show: showOn(writer),
    call: ({ tool, ...proposed }) => {
      const approved = router && approves(answer, tool)
      return call(answer, { writer, proposed: { ...proposed, tool, approved } })
    },
  })
  return conclude(writer, { ...ended, goes_on: !router })
}

/** The model was taken away while its call waited. */
const NOTHING_TO_ADD = 'The call has ended: its card says how.'

function sentenceOf(thrown: unknown): string {
  if (thrown instanceof AppError) return thrown.message
  log('error', 'model not chosen', { thrown })
  return UNREADABLE
}

function conclude(writer: Writer, ended: Ended): Ended {
  if (ended.problem !== null) {
    writer.write({ type: 'message-metadata', messageMetadata: { error: ended.problem } })
    writer.write({ type: 'error', errorText: ended.problem })
    return ended
  }
  const stopped = ended.status === 'stopped'
  writer.write(stopped ? { type: 'abort' } : { type: 'finish', finishReason: 'stop' })
  return ended
}

/** A person’s own call: no model proposed it, and writing it out was the approval. */
async function commandAnswer(
  answer: Answer & { slash: Extract<Slash, { kind: 'call' }> },
  writer: Writer,
): Promise<void> {
  const { key, tool, parameters } = answer.slash
  const toolCallId = crypto.randomUUID()
  const shown = { toolCallId, dynamic: true, ...(tool.title === null ? {} : { title: tool.title }) }
  writer.write({ type: 'start-step' })
  writer.write({ type: 'tool-input-available', toolName: key, input: parameters, ...shown })
  const proposed = {
    tool_call_id: toolCallId,
    tool,
    parameters,
    approved: true,
    signal: answer.stop,
  }
  const output = await call(answer, { writer, proposed })
  writer.write({ type: 'tool-output-available', toolCallId, output, dynamic: true })
  writer.write({ type: 'finish-step' })
}

function call(answer: Answer, { writer, proposed }: { writer: Writer; proposed: ProposedCall }) {
  return callTool(proposed, { run: answer.run, show: showOn(writer) })
}

function showOn(writer: Writer): Show {
  return (part) => writer.write({ type: 'data-call', id: part.tool_call_id, data: part })
}

/**
 * Whether the person’s own words are this call, when the router proposed it: they ordered the tool by
 * name, and only one tool goes by it. Its arguments the router took from their words alone.
 */
function approves(answer: Answer, tool: ChatTool): boolean {
  const named = [...answer.tools.values()].filter((one) => commands(answer.text, one))
  return named.length === 1 && named[0] === tool
}
