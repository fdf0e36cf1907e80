// The tools of one turn in the AI SDK’s shape: what a model is offered, and what it may call. Where there
// are many, it is offered a search and a few, and may call all of them.
import { dynamicTool, jsonSchema, type ToolSet } from 'ai'
import { type ToolOutcome, toolOutcome } from '../../../../shared/chat.ts'
import { visible } from '../mcp/content.ts'
import { type Ledger, linkedIn, once, type Started } from './ledger.ts'
import type { Loop } from './loop.ts'
import { mayFollowOutside, showsOutside } from './outside.ts'
import { outcomeText } from './outcome-text.ts'
import { offeredSchema } from './prompt.ts'
import { type BuiltIn, builtIns, lookUp, READ_RESOURCE } from './resources.ts'
import {
  recentTools,
  RUN_TOOL,
  runTool,
  SEARCH_TOOLS,
  searchFor,
  searchTool,
  SHOWN_TOOLS,
  usable,
} from './search-tools.ts'
import { type ChatTool, refused, type Tools } from './tools.ts'

export type Running = { ledger: Ledger; signal: AbortSignal }
type Turn = { loop: Loop; running: Running; offered: Tools; router: boolean }
type OwnTool = Omit<BuiltIn, 'key'> & { key: string }

export type Offer = {
  /** Everything that may be called. */
  tools: ToolSet
  /** What the model is told of. */
  offered: Set<string>
  /** There is more than it is told of. */
  many: boolean
}

export function toolSet(loop: Loop, running: Running): Offer {
  const router = loop.chosen.described.provider === 'router'
  const allowed = usable(loop.tools)
  const many = !router && allowed.size > SHOWN_TOOLS
  // The router is told of denied tools too, so that asking for one is answered, not misunderstood. It
  // reads no resources: it could say nothing about them.
  const offered = router ? loop.tools : many ? recentTools(loop.past, allowed) : allowed
  const turn = { loop, running, offered, router }
  const own: OwnTool[] = router ? [] : builtIns(loop.servers)
  if (many) own.push(searchTool, runTool)
  return {
    tools: Object.fromEntries([
      ...[...many ? loop.tools : offered].map(([key, tool]) =>
        [key, serverTool(turn, { key, tool })] as const
      ),
      ...own.map((one) => [one.key, ownTool(turn, one)] as const),
    ]),
    offered: new Set([...offered.keys(), ...own.map(({ key }) => key)]),
    many,
  }
}

function serverTool(turn: Turn, { key, tool }: { key: string; tool: ChatTool }) {
  const { loop, running } = turn
  return dynamicTool({
    ...(tool.title === null ? {} : { title: tool.title }),
    description: descriptionOf(tool, turn),
    inputSchema: jsonSchema(offeredSchema(tool.input_schema)),
    providerOptions: {
      astra: { tool_name: tool.tool_name, server_name: tool.server_name, title: tool.title },
    },
    execute: (input, { toolCallId: tool_call_id, abortSignal }) => {
      const signal = abortSignal ?? running.signal
      const { server_id } = tool
      const after_outside = followsOutside(turn, tool)
      return noted(running.ledger, { tool_call_id, key, input, server_id }, {
        limit: loop.limits.calls,
        call: () => loop.call({ tool_call_id, tool, parameters: input, after_outside, signal }),
      })
    },
    toModelOutput: ({ output, toolCallId }) => ({
      type: 'text',
      value: outcomeText(toolOutcome.parse(output), { ...tool, tool_call_id: toolCallId }),
    }),
  })
}

/** A model is told whose words these are. The router only compares them with the person’s. */
function descriptionOf(tool: ChatTool, { router }: Turn): string {
  const said = visible(tool.description ?? tool.title ?? tool.tool_name).slice(0, 2_000)
  return router
    ? said
    : `Server ${JSON.stringify(visible(tool.server_name).slice(0, 80))} says: ${said}`
}

/** Judged when the call starts. The router takes a call from the person’s own words, whatever it was shown. */
function followsOutside({ loop, running, offered, router }: Turn, tool: ChatTool): boolean {
  if (router) return false
  const { readOutside } = running.ledger
  return mayFollowOutside(tool, { ...loop, offered, readOutside })
}

function ownTool({ loop, running }: Turn, one: OwnTool) {
  const { ledger } = running
  return dynamicTool({
    title: one.title,
    description: one.description,
    inputSchema: jsonSchema(one.input_schema),
    execute: (input, { toolCallId: tool_call_id, abortSignal }) => {
      const signal = abortSignal ?? running.signal
      return noted(ledger, { tool_call_id, key: one.key, input, server_id: null }, {
        limit: loop.limits.calls,
        call: () => performOwn(one, { loop, ledger, lookup: { tool_call_id, input, signal } }),
      })
    },
    toModelOutput: ({ input, output, toolCallId }) => ({
      type: 'text',
      value: outcomeText(toolOutcome.parse(output), {
        server_name: serverIn(input),
        tool_name: one.key,
        tool_call_id: toolCallId,
      }),
    }),
  })
}

type Performing = { loop: Loop; ledger: Ledger; lookup: Parameters<typeof lookUp>[1] }

async function performOwn(
  { key, ...one }: OwnTool,
  { loop, ledger, lookup }: Performing,
): Promise<ToolOutcome> {
  if (key === SEARCH_TOOLS) return searchFor(lookup.input, usable(loop.tools))
  // One that names a tool never comes here: it has become a call of that tool.
  if (key === RUN_TOOL) {
    return refused(
      'not_found',
      'This takes a key that search_tools found, and the arguments as an object.',
    )
  }
  return await lookUp({ ...one, key: key as BuiltIn['key'] }, lookup, {
    door: loop.resources,
    servers: loop.servers,
    show: loop.show,
    linked: (server_id, uri) => linkedIn(ledger, { server_id, uri }),
    reads: [...ledger.running.values()].filter((started) => started.key === READ_RESOURCE).length,
  })
}

function serverIn(input: unknown): string {
  const server = typeof input === 'object' && input !== null && 'server' in input && input.server
  return typeof server === 'string' ? server : 'unknown'
}

type Call = Omit<Started, 'ended'> & { tool_call_id: string }

/** A call that is under way is known to the turn, so that one that ends early can say how it ended. */
async function noted(
  ledger: Ledger,
  { tool_call_id, ...started }: Call,
  { call, limit }: { call: () => Promise<ToolOutcome>; limit: number },
): Promise<ToolOutcome> {
  const outcome = once(ledger, { ...started, limit }, call)
  const ended = outcome.then((known) => {
    ledger.outcomes.set(tool_call_id, known)
    ledger.readOutside ||= showsOutside(known)
  })
  ledger.running.set(tool_call_id, { ...started, ended })
  await ended
  return outcome
}
