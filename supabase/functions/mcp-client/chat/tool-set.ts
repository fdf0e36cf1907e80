// The tools a model is offered in one turn, in the AI SDK’s shape: the team’s, and Astra’s own lookups.
import { dynamicTool, jsonSchema, type ToolSet } from 'ai'
import { type ToolOutcome, toolOutcome } from '../../../../shared/chat.ts'
import { type Ledger, linkedIn, type Started } from './ledger.ts'
import type { Loop } from './loop.ts'
import { isFromOutside, outcomeText } from './outcome-text.ts'
import { offeredSchema, offeredTools } from './prompt.ts'
import { type BuiltIn, builtIns, lookUp, READ_RESOURCE } from './resources.ts'
import type { ChatTool } from './tools.ts'

export type Running = { ledger: Ledger; signal: AbortSignal }
type Turn = { loop: Loop; running: Running }

export function toolSet(loop: Loop, running: Running): ToolSet {
  const turn = { loop, running }
  // The router is told of denied tools too, so that asking for one is answered, not misunderstood. It
  // reads no resources: it could say nothing about them.
  const router = loop.chosen.described.provider === 'router'
  const offered = router ? loop.tools : offeredTools(loop.tools, loop.text)
  const own = router ? [] : builtIns(loop.servers)
  return Object.fromEntries([
    ...[...offered].map(([key, tool]) => [key, serverTool(turn, { key, tool })] as const),
    ...own.map((one) => [one.key, ownTool(turn, one)] as const),
  ])
}

function serverTool({ loop, running }: Turn, { key, tool }: { key: string; tool: ChatTool }) {
  return dynamicTool({
    ...(tool.title === null ? {} : { title: tool.title }),
    description: (tool.description ?? tool.title ?? tool.tool_name).slice(0, 2_000),
    inputSchema: jsonSchema(offeredSchema(tool.input_schema)),
    providerOptions: {
      astra: { tool_name: tool.tool_name, server_name: tool.server_name, title: tool.title },
    },
    execute: (input, { toolCallId: tool_call_id, abortSignal }) => {
      const signal = abortSignal ?? running.signal
      const outcome = loop.call({ tool_call_id, tool, parameters: input, signal })
      const { server_id } = tool
      return noted(running.ledger, { tool_call_id, key, input, server_id, outcome })
    },
    toModelOutput: ({ output, toolCallId }) => ({
      type: 'text',
      value: outcomeText(toolOutcome.parse(output), { ...tool, tool_call_id: toolCallId }),
    }),
  })
}

function ownTool({ loop, running }: Turn, one: BuiltIn) {
  const { ledger } = running
  return dynamicTool({
    title: one.title,
    description: one.description,
    inputSchema: jsonSchema(one.input_schema),
    execute: (input, { toolCallId: tool_call_id, abortSignal }) => {
      const signal = abortSignal ?? running.signal
      const outcome = lookUp(one, { tool_call_id, input, signal }, {
        door: loop.resources,
        servers: loop.servers,
        show: loop.show,
        linked: (server_id, uri) => linkedIn(ledger, { server_id, uri }),
        reads: [...ledger.running.values()].filter(({ key }) => key === READ_RESOURCE).length,
      })
      return noted(ledger, { tool_call_id, key: one.key, input, server_id: null, outcome })
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

function serverIn(input: unknown): string {
  const server = typeof input === 'object' && input !== null && 'server' in input && input.server
  return typeof server === 'string' ? server : 'unknown'
}

type Call = Omit<Started, 'ended'> & { tool_call_id: string; outcome: Promise<ToolOutcome> }

/** A call that is under way is known to the turn, so that one that ends early can say how it ended. */
async function noted(
  ledger: Ledger,
  { tool_call_id, outcome, ...started }: Call,
): Promise<ToolOutcome> {
  const ended = outcome.then((known) => {
    ledger.outcomes.set(tool_call_id, known)
    ledger.readOutside ||= isFromOutside(known)
  })
  ledger.running.set(tool_call_id, { ...started, ended })
  await ended
  return outcome
}
