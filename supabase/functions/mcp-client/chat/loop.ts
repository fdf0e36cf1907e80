// A model, its tools, and the model again, until it is done: at most so many rounds, calls, tokens and so long.
// It owns no policy: every call goes to `call`, which answers with an outcome and never throws.
import {
  isStepCount,
  type ModelMessage,
  streamText,
  type ToolSet,
  toUIMessageStream,
  type UIMessageStreamWriter,
} from 'ai'
import type { ToolOutcome } from '../../../../shared/chat.ts'
import { type AttachedFile, saidWith, shownFiles } from './attachments.ts'
import type { Show } from './call-card.ts'
import type { ChatMessage, MessageStatus } from './history.ts'
import { type Ledger, newLedger, observe, waits } from './ledger.ts'
import type { Chosen } from './model/choose.ts'
import { withOwnCallIds } from './model/call-ids.ts'
import { EMPTY_ANSWER, endingProblem, problemSentence, TOO_SLOW } from './model/problem.ts'
import { usageMeter } from './model/usage.ts'
import { instructions } from './prompt.ts'
import type { ResourceDoor } from './resources.ts'
import { RUN_TOOL } from './search-tools.ts'
import { throughRunTool } from './model/through-run-tool.ts'
import { spoken } from './speakers.ts'
import { charactersOf, type Spent, spentIn, tokensIn } from './tokens.ts'
import { type Running, toolSet } from './tool-set.ts'
import type { ChatServer, ProposedCall, Tools } from './tools.ts'

export type Limits = {
  rounds: number
  /** Calls in one answer, and of those at the same time. */
  calls: number
  at_once: number
  /** Of all rounds together. */
  input_tokens: number
  output_tokens: number
  total_ms: number
  first_chunk_ms: number
  chunk_ms: number
}
/** Below the platform’s wall clock of 400 s; a local model may need minutes to load. */
export const LIMITS: Limits = {
  rounds: 8,
  calls: 50,
  at_once: 8,
  input_tokens: 500_000,
  output_tokens: 32_000,
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
  /** Who wrote it, where several people write. */
  speaker: string | null
  /** Only a language model reads them. */
  attached: string[]
  files: AttachedFile[]
  past: ModelMessage[]
  /** The past ends with calls that have ended meanwhile: nothing new was written. */
  continues: boolean
  servers: ChatServer[]
  tools: Tools
  limits: Limits
  /** The person wants it to end. */
  stop: AbortSignal
  call: (proposed: Omit<ProposedCall, 'approved'>) => Promise<ToolOutcome>
  resources: ResourceDoor
  show: Show
  writer: Writer
}

/** Runs the loop, writing as it goes. Gives how it ended: a failing model is an ending, not an exception. */
export async function runLoop(loop: Loop): Promise<Ended> {
  const over = new AbortController()
  const ledger = newLedger()
  ledger.readOutside = loop.attached.length > 0 || loop.files.length > 0
  const running = { ledger, signal: AbortSignal.any([loop.stop, over.signal]) }
  const ended = await pump(loop, running, () => over.abort())
  if (ended.status !== 'done' || ledger.overTokens === 'writing') {
    over.abort()
    await settle(loop.writer, ledger)
  }
  if (ended.status !== 'done') return ended
  if (ledger.overTokens) sayText(loop.writer, OVER_TOKENS)
  if (waits(ledger) || ledger.overTokens) return ended
  if (ledger.rounds >= loop.limits.rounds && ledger.calledInRound) {
    sayText(loop.writer, `I stopped here after ${ledger.rounds} rounds of tool calls.`)
  }
  const empty = !ledger.said && ledger.outcomes.size === 0
  return empty ? { status: 'failed', problem: EMPTY_ANSWER } : ended
}

/** `cut` ends the model’s stream from its source: one that is left in the middle breaks Deno 2.1. */
async function pump(loop: Loop, running: Running, cut: () => void): Promise<Ended> {
  const { ledger } = running
  const ended = (problem: string): Ended =>
    loop.stop.aborted ? { status: 'stopped', problem: null } : { status: 'failed', problem }
  try {
    for await (const chunk of chunksOf(loop, running)) {
      if (ledger.overTokens === 'writing') continue
      if (chunk.type === 'error') return ended(chunk.errorText)
      if (chunk.type === 'abort') return ended(TOO_SLOW)
      if (chunk.type === 'finish') {
        const problem = endingProblem(chunk.finishReason)
        return problem ? ended(problem) : { status: 'done', problem: null }
      }
      // A provider’s own parts say nothing to a person and are no part of the record.
      if (chunk.type === 'custom') continue
      observe(chunk, ledger)
      loop.writer.write(chunk)
      if (tokensIn(ledger.written) <= loop.limits.output_tokens) continue
      ledger.overTokens = 'writing'
      cut()
    }
  } catch (thrown) {
    if (ledger.overTokens === 'writing') return { status: 'done', problem: null }
    return ended(problemSentence(thrown, loop.chosen))
  }
  return { status: 'done', problem: null }
}

function chunksOf(loop: Loop, running: Running) {
  // Its warnings would go to the log in its own words.
  globalThis.AI_SDK_LOG_WARNINGS = false
  const { chosen, limits } = loop
  const router = chosen.described.provider === 'router'
  const { tools, offered, many } = toolSet(loop, running)
  const told = instructions(new Date(), loop.servers, { many })
  const messages = loop.continues ? loop.past : [...loop.past, newest(loop, router)]
  const prompt = told.length + charactersOf(messages)
  const result = streamText({
    model: withOwnCallIds(throughRunTool(chosen.model, {
      offered,
      known: new Set(Object.keys(tools)),
      runTool: RUN_TOOL,
    })),
    instructions: told,
    messages,
    tools,
    toolCallConcurrency: limits.at_once,
    // The router has nothing to add to a result, so it is not asked again.
    stopWhen: [
      isStepCount(router ? 1 : limits.rounds),
      () => waits(running.ledger),
      ({ steps }) => isOver(spentIn(steps, prompt), { limits, ledger: running.ledger }),
    ],
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
    onError: (thrown) => problemSentence(thrown, chosen),
    messageMetadata: usageMeter(),
    redactToolErrors: true,
  })
}

const OVER_TOKENS = 'I stopped here: one answer may take only so many tokens. Ask me to go on.'

function isOver(spent: Spent, { limits, ledger }: { limits: Limits; ledger: Ledger }): boolean {
  const over = spent.input > limits.input_tokens || spent.output > limits.output_tokens
  if (over) ledger.overTokens = 'between'
  return over
}

/** What the person has just sent, as the model is shown it. The router reads their own words alone. */
function newest(
  { text, speaker, attached, files, chosen }: Loop,
  router: boolean,
): ModelMessage {
  if (router) return { role: 'user', content: text }
  const words = speaker === null ? text : spoken(speaker, text)
  return saidWith([words, ...attached].join('\n\n'), shownFiles(files, chosen))
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
  for (const id of ledger.open) writer.write({ type: 'text-end', id })
  for (const toolCallId of ledger.announced) {
    if (ledger.answered.has(toolCallId) || ledger.running.has(toolCallId)) continue
    writer.write({ type: 'tool-output-available', toolCallId, output: UNMADE, dynamic: true })
  }
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

const UNMADE: ToolOutcome = {
  kind: 'refused',
  code: 'cancelled',
  message: 'Stopped before this call was made.',
}

/** Writes a whole text part. */
export function sayText(writer: Writer, text: string): void {
  const id = crypto.randomUUID()
  writer.write({ type: 'text-start', id })
  writer.write({ type: 'text-delta', id, delta: text })
  writer.write({ type: 'text-end', id })
}
