// A model, its tools, and the model again, until it is done: at most so many rounds and so long.
// It owns no policy: every call goes to `call`, which answers with an outcome and never throws.
import {
  dynamicTool,
  isStepCount,
  jsonSchema,
  type ModelMessage,
  streamText,
  type ToolSet,
  toUIMessageStream,
  type UIMessageStreamWriter,
} from 'ai'
import { type ToolOutcome, toolOutcome } from '../../../../shared/chat.ts'
import type { ChatMessage, MessageStatus } from './history.ts'
import type { Chosen } from './model/choose.ts'
import { withOwnCallIds } from './model/call-ids.ts'
import { EMPTY_ANSWER, problemSentence, TOO_SLOW, UNREADABLE } from './model/problem.ts'
import { outcomeText } from './outcome-text.ts'
import { instructions, offeredSchema, offeredTools } from './prompt.ts'
import type { ChatTool, ProposedCall, Tools } from './tools.ts'

export type Limits = { rounds: number; total_ms: number; first_chunk_ms: number; chunk_ms: number }
/** Below the platform’s wall clock of 400 s; a local model may need minutes to load. */
export const LIMITS: Limits = {
  rounds: 8,
  total_ms: 330_000,
  first_chunk_ms: 120_000,
  chunk_ms: 60_000,
}
/** How long a stopped turn waits for its tools to say how they ended. */
const SETTLE_MS = 10_000

export type Writer = UIMessageStreamWriter<ChatMessage>
export type Ended = { status: MessageStatus; problem: string | null }
export type Loop = {
  chosen: Chosen
  text: string
  past: ModelMessage[]
  tools: Tools
  limits: Limits
  /** The person stopped, or went away. */
  stop: AbortSignal
  call: (proposed: Omit<ProposedCall, 'approved'>) => Promise<ToolOutcome>
  writer: Writer
}

/** What was called in this loop and how it ended; what the screen has been told of it. */
type Ledger = {
  running: Map<string, { key: string; input: unknown; ended: Promise<void> }>
  outcomes: Map<string, ToolOutcome>
  /** Calls the screen knows of, and those whose outcome it knows. */
  announced: Set<string>
  answered: Set<string>
  rounds: number
  calledInRound: boolean
  said: boolean
}

/** Runs the loop, writing as it goes. Gives how it ended: a failing model is an ending, not an exception. */
export async function runLoop(loop: Loop): Promise<Ended> {
  const over = new AbortController()
  const ledger: Ledger = {
    running: new Map(),
    outcomes: new Map(),
    announced: new Set(),
    answered: new Set(),
    rounds: 0,
    calledInRound: false,
    said: false,
  }
  const ended = await pump(loop, { ledger, signal: AbortSignal.any([loop.stop, over.signal]) })
  if (ended.status !== 'done') {
    over.abort()
    await settle(loop.writer, ledger)
    return ended
  }
  if (waitsForPerson(ledger)) return ended
  if (ledger.rounds >= loop.limits.rounds && ledger.calledInRound) {
    sayText(loop.writer, `I stopped here after ${ledger.rounds} rounds of tool calls.`)
  }
  const empty = !ledger.said && ledger.outcomes.size === 0
  return empty ? { status: 'failed', problem: EMPTY_ANSWER } : ended
}

type Running = { ledger: Ledger; signal: AbortSignal }

async function pump(loop: Loop, running: Running): Promise<Ended> {
  const ended = (problem: string): Ended =>
    loop.stop.aborted ? { status: 'stopped', problem: null } : { status: 'failed', problem }
  try {
    for await (const chunk of chunksOf(loop, running)) {
      if (chunk.type === 'error') return ended(chunk.errorText)
      if (chunk.type === 'abort') return ended(TOO_SLOW)
      if (chunk.type === 'finish') {
        return brokeOff(chunk.finishReason) ? ended(UNREADABLE) : { status: 'done', problem: null }
      }
      // A provider’s own parts say nothing to a person and are no part of the record.
      if (chunk.type === 'custom') continue
      observe(chunk, running.ledger)
      loop.writer.write(chunk)
    }
  } catch (thrown) {
    return ended(problemSentence(thrown))
  }
  return { status: 'done', problem: null }
}

/** The connection ended before the model said that it had. */
function brokeOff(reason: string | undefined): boolean {
  return reason === 'interrupted' || reason === 'error'
}

function chunksOf(loop: Loop, running: Running) {
  // Its warnings would go to the log in its own words.
  globalThis.AI_SDK_LOG_WARNINGS = false
  const { chosen, limits } = loop
  const router = chosen.described.provider === 'router'
  const tools = toolSet(loop, running)
  const result = streamText({
    model: withOwnCallIds(chosen.model),
    instructions: instructions(new Date()),
    messages: [...loop.past, { role: 'user', content: loop.text }],
    tools,
    // The router has nothing to add to a result, so it is not asked again.
    stopWhen: [isStepCount(router ? 1 : limits.rounds), () => waitsForPerson(running.ledger)],
    abortSignal: running.signal,
    timeout: {
      totalMs: limits.total_ms,
      firstChunkMs: limits.first_chunk_ms,
      chunkMs: limits.chunk_ms,
    },
    maxRetries: 1,
    // The stream carries the error; the default would print it whole.
    onError: () => {},
  })
  return toUIMessageStream<ToolSet, ChatMessage>({
    stream: result.stream,
    tools,
    sendStart: false,
    onError: problemSentence,
    redactToolErrors: true,
  })
}

function toolSet(loop: Loop, running: Running): ToolSet {
  const router = loop.chosen.described.provider === 'router'
  // The router is told of denied tools too, so that asking for one is answered, not misunderstood.
  const offered = router ? loop.tools : offeredTools(loop.tools, loop.text)
  return Object.fromEntries([...offered].map(([key, tool]) => [
    key,
    dynamicTool({
      ...(tool.title === null ? {} : { title: tool.title }),
      description: (tool.description ?? tool.title ?? tool.tool_name).slice(0, 2_000),
      inputSchema: jsonSchema(offeredSchema(tool.input_schema)),
      providerOptions: {
        astra: { tool_name: tool.tool_name, server_name: tool.server_name, title: tool.title },
      },
      execute: (input, { toolCallId, abortSignal }) =>
        runCall({ loop, running, key, tool }, {
          tool_call_id: toolCallId,
          parameters: input,
          signal: abortSignal ?? running.signal,
        }),
      toModelOutput: ({ output, toolCallId }) => ({
        type: 'text',
        value: outcomeText(toolOutcome.parse(output), { ...tool, tool_call_id: toolCallId }),
      }),
    }),
  ]))
}

async function runCall(
  { loop, running, key, tool }: { loop: Loop; running: Running; key: string; tool: ChatTool },
  call: Omit<ProposedCall, 'approved' | 'tool'>,
): Promise<ToolOutcome> {
  const { ledger } = running
  const outcome = loop.call({ ...call, tool })
  const ended = outcome.then((known) => void ledger.outcomes.set(call.tool_call_id, known))
  ledger.running.set(call.tool_call_id, { key, input: call.parameters, ended })
  await ended
  return outcome
}

type Chunk = Parameters<Writer['write']>[0]

function observe(chunk: Chunk, ledger: Ledger): void {
  switch (chunk.type) {
    case 'start-step':
      ledger.rounds++
      ledger.calledInRound = false
      return
    case 'text-delta':
      ledger.said ||= chunk.delta.trim() !== ''
      return
    case 'tool-input-available':
      ledger.calledInRound = true
      ledger.announced.add(chunk.toolCallId)
      return
    case 'tool-input-error':
      ledger.calledInRound = true
      return
    case 'tool-output-available':
    case 'tool-output-error':
      ledger.answered.add(chunk.toolCallId)
  }
}

function waitsForPerson(ledger: Ledger): boolean {
  return [...ledger.outcomes.values()].some((outcome) => outcome.kind === 'needs_person')
}

/** A turn that ends early still says how each of its calls ended, so that no card runs forever. */
async function settle(writer: Writer, ledger: Ledger): Promise<void> {
  const all = Promise.allSettled([...ledger.running.values()].map((call) => call.ended))
  let timer: ReturnType<typeof setTimeout> | undefined
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SETTLE_MS)
  })
  await Promise.race([all, enough])
  clearTimeout(timer)
  for (const [toolCallId, { key, input }] of ledger.running) {
    if (ledger.answered.has(toolCallId)) continue
    if (!ledger.announced.has(toolCallId)) {
      writer.write({
        type: 'tool-input-available',
        toolCallId,
        toolName: key,
        input,
        dynamic: true,
      })
    }
    const output = ledger.outcomes.get(toolCallId) ?? UNSETTLED
    writer.write({ type: 'tool-output-available', toolCallId, output, dynamic: true })
  }
}

const UNSETTLED: ToolOutcome = {
  kind: 'refused',
  code: 'cancelled',
  message: 'Stopped before the tool answered. It may have run: its execution says how it ended.',
}

/** Writes a whole text part. */
export function sayText(writer: Writer, text: string): void {
  const id = crypto.randomUUID()
  writer.write({ type: 'text-start', id })
  writer.write({ type: 'text-delta', id, delta: text })
  writer.write({ type: 'text-end', id })
}
