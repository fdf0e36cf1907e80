// The built-in router: answers where no language model is configured. It is none and says so: it finds
// the tool a message is about, reads its parameters from the words, and proposes that one call.
// Everything else (policy, missing parameters, running) is decided where every call is.
import { isRecord } from '../../../../../shared/json.ts'
import type { LanguageModelV4 } from './choose.ts'
import { rank, type Rankable } from './rank.ts'
import { readParameters } from './read-parameters.ts'
import { commands } from '../words.ts'

type CallOptions = Parameters<LanguageModelV4['doStream']>[0]
type Streamed = Awaited<ReturnType<LanguageModelV4['doStream']>>
type StreamPart = Streamed['stream'] extends ReadableStream<infer Part> ? Part : never
type OfferedTool = Rankable & { input_schema: Record<string, unknown> }

type Decision =
  | { kind: 'silent' }
  | { kind: 'say'; text: string }
  | { kind: 'call'; text: string | null; key: string; input: string }

const SUGGESTED = 5
const USAGE = {
  inputTokens: {
    total: undefined,
    noCache: undefined,
    cacheRead: undefined,
    cacheWrite: undefined,
  },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
}

/** The router as a language model. Stateless: it reads the newest message and the offered tools. */
export function routerModel(): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'astra.router',
    modelId: 'router',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('the router only streams')),
    doStream: (options) => Promise.resolve({ stream: streamOf(partsOf(decide(options))) }),
  }
}

function streamOf(parts: StreamPart[]): ReadableStream<StreamPart> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })
}

function partsOf(decision: Decision): StreamPart[] {
  const text = decision.kind === 'silent' ? null : decision.text
  const said: StreamPart[] = text === null ? [] : [
    { type: 'text-start', id: 'said' },
    { type: 'text-delta', id: 'said', delta: text },
    { type: 'text-end', id: 'said' },
  ]
  const called: StreamPart[] = decision.kind !== 'call' ? [] : [{
    type: 'tool-call',
    toolCallId: crypto.randomUUID(),
    toolName: decision.key,
    input: decision.input,
  }]
  const unified = decision.kind === 'call' ? 'tool-calls' : 'stop'
  return [
    { type: 'stream-start', warnings: [] },
    ...said,
    ...called,
    { type: 'finish', usage: USAGE, finishReason: { unified, raw: undefined } },
  ]
}

function decide(options: CallOptions): Decision {
  const newest = options.prompt.at(-1)
  // After a call the card says it all: a router has nothing to add about a result it cannot read.
  if (newest?.role !== 'user') return { kind: 'silent' }
  const message = newest.content.map((part) => part.type === 'text' ? part.text : '').join('\n')
  const tools = (options.tools ?? []).flatMap(offeredTool)
  const ranked = rank(message, tools)
  const byKey = new Map(tools.map((tool) => [tool.key, tool]))
  const best = ranked[0]?.fits ? byKey.get(ranked[0].key) : undefined
  const near = ranked.flatMap(({ key }) => byKey.get(key) ?? [])
  if (!best) return { kind: 'say', text: introduction(tools, near) }
  const input = JSON.stringify(readParameters(message, best))
  const text = commands(message, best)
    ? null
    : `The tool that fits your words best is ${nameOf(best)}.`
  return { kind: 'call', text, key: best.key, input }
}

/** What the loop tells the router about a tool beyond what every model sees. */
function offeredTool(tool: NonNullable<CallOptions['tools']>[number]): OfferedTool[] {
  if (tool.type !== 'function') return []
  const told: Record<string, unknown> = tool.providerOptions?.astra ?? {}
  const text = (value: unknown) => typeof value === 'string' ? value : null
  return [{
    key: tool.name,
    server_name: text(told.server_name) ?? '',
    tool_name: text(told.tool_name) ?? tool.name,
    title: text(told.title),
    description: tool.description ?? null,
    input_schema: isRecord(tool.inputSchema) ? { ...tool.inputSchema } : {},
  }]
}

function nameOf(tool: OfferedTool): string {
  return `**${plain(tool.title ?? tool.tool_name)}** of ${plain(tool.server_name)}`
}

/** Names come from servers: on one line, and nothing of them is markup. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>!|#~]/g, '').trim().slice(0, 80)
}

function introduction(tools: OfferedTool[], near: OfferedTool[]): string {
  const self =
    'I am the built-in router, not a language model: I find the tool your words are about and run it. ' +
    'I cannot answer questions myself.'
  if (tools.length === 0) {
    return `${self}\n\nYour team has no tools in use yet. An admin can add a server in Settings.`
  }
  const shown = [...new Set([...near, ...tools])].slice(0, SUGGESTED).map((tool) => {
    const about = plain((tool.description ?? '').split(/(?<=[.!?])\s/)[0] ?? '')
    return `- \`/${tool.key}\`${about ? ` – ${about}` : ''}`
  })
  const lead = near.length > 0
    ? 'No tool fits well. The nearest:'
    : 'Nothing you wrote matches a tool. For example there are:'
  return `${self}\n\n${lead}\n\n${shown.join('\n')}\n\n` +
    'Write what you need in a tool’s own words, or `/tool_name a=1`.'
}
