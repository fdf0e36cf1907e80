// The tools of a chat, and the one place every call of a chat goes through, whoever proposed it: a
// language model, the built-in router, or a person’s slash command. Nothing throws out of here.
import type { ToolOutcome } from '../../../../shared/chat.ts'
import type { FieldProblem } from '../../../../shared/errors.ts'
import type { ExecutionAnswer } from '../../../../shared/execution.ts'
import { isRecord } from '../../../../shared/json.ts'
import { keyedTools } from '../../../../shared/naming.ts'
import type { JsonSchema, Policy } from '../../../../shared/tool.ts'
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import { readAll } from '../db.ts'
import type { Watch } from '../execute.ts'
import { refreshStale } from '../freshness.ts'
import { AppError } from '../http.ts'
import { log } from '../log.ts'
import type { StoredProtocol } from '../mcp/upstream.ts'
import { missingParameters } from './schema.ts'
import { type Show, showCall } from './call-card.ts'

export type ChatTool = {
  server_id: string
  server_name: string
  tool_name: string
  title: string | null
  description: string | null
  input_schema: JsonSchema
  policy: Policy
}
/** By tool key, in the keys’ order. */
export type Tools = Map<string, ChatTool>

/** A server in use, as a chat knows it. */
export type ChatServer = {
  id: string
  name: string
  /** What it says of itself and its tools: its own words. */
  instructions: string | null
  /** What it was found to speak; null before the first connection. */
  protocol: StoredProtocol | null
  tools_stale_at: string | null
}

/**
 * The servers in use, and their tools that a member may call: enabled and present. Read as the person.
 * Tools that have become stale are read again meanwhile, for the next one who asks.
 */
export async function loadTools(
  app: App,
  member: Member,
): Promise<{ servers: ChatServer[]; tools: Tools }> {
  const db = app.db.as(member)
  const [servers, tools] = await Promise.all([
    readAll<ChatServer>((from, to) =>
      db.from('mcp_servers').select('id, name, instructions, protocol, tools_stale_at')
        .eq('team_id', member.team_id).eq('is_active', true)
        .is('removed_at', null).order('id').range(from, to)
    ),
    readAll<Omit<ChatTool, 'server_name'>>((from, to) =>
      db.from('mcp_tools')
        .select('server_id, tool_name, title, description, input_schema, policy')
        .eq('team_id', member.team_id).eq('is_enabled', true).is('removed_at', null)
        .order('id').range(from, to)
    ),
  ])
  refreshStale(app, member, servers)
  return { servers, tools: keyedTools(tools, new Map(servers.map(({ id, name }) => [id, name]))) }
}

export type ProposedCall = {
  tool_call_id: string
  tool: ChatTool
  parameters: unknown
  /** True when a person wrote exactly this call. Never for a language model. */
  approved: boolean
  /** Whether a model proposed it that may be following words from outside; left out, it counts as such. */
  after_outside?: boolean
  signal: AbortSignal
}

export type Run = (
  call: Pick<ChatTool, 'server_id' | 'tool_name'> & {
    parameters: Record<string, unknown>
    approved: boolean
    after_outside?: boolean
  },
  watch: Watch,
) => Promise<ExecutionAnswer>

/** The corridor, and where a call’s progress is shown. */
export type CallSeam = { run: Run; show: Show }

/**
 * Runs one call, or says why not: a required parameter is missing (`needs_person`), or it is refused.
 * One that must be approved first waits for that in its row. Refusals of the corridor become outcomes too.
 */
export async function callTool(call: ProposedCall, seam: CallSeam): Promise<ToolOutcome> {
  const { tool, parameters, approved, after_outside } = call
  const card = showCall(call, seam.show)
  if (!isRecord(parameters)) {
    return refused('invalid_parameters', 'The arguments of a tool are an object of named values.')
  }
  const missing = missingParameters(tool.input_schema, parameters)
  // A denied tool goes to the corridor at once, which refuses it and keeps the attempt on record.
  if (tool.policy !== 'deny' && missing.length > 0) {
    return {
      kind: 'needs_person',
      reason: 'missing',
      missing,
      parameters,
      input_schema: tool.input_schema,
    }
  }
  try {
    const { authorization_url: _shortLived, ...answer } = await seam.run(
      {
        server_id: tool.server_id,
        tool_name: tool.tool_name,
        parameters,
        approved,
        ...(after_outside === undefined ? {} : { after_outside }),
      },
      { signal: call.signal, ...card.watch },
    ).finally(card.end)
    return answer.error?.code === 'denied'
      ? refused('denied', answer.error.message)
      : { kind: 'answered', ...answer }
  } catch (thrown) {
    return refusalOf(thrown)
  }
}

export function refused(code: string, message: string): ToolOutcome {
  return { kind: 'refused', code, message }
}

/** What was thrown before a call was sent, as an outcome. */
export function refusalOf(thrown: unknown): ToolOutcome {
  if (!(thrown instanceof AppError)) {
    log('error', 'chat call failed', { thrown })
    return refused('internal', 'Something went wrong on our side while calling the tool.')
  }
  if (thrown.code !== 'invalid_parameters' || !Array.isArray(thrown.details)) {
    return { kind: 'refused', code: thrown.code, message: thrown.message, ...retryAt(thrown) }
  }
  const problems = (thrown.details as FieldProblem[]).slice(0, 5)
  const faults = problems.map((problem) => `${problem.path}: ${problem.message}`)
  return refused(thrown.code, faults.length > 0 ? faults.join('; ') : thrown.message)
}

/** When a limit or a server that rests lets the next one through, where that is known. */
function retryAt({ details }: AppError): { retry_at?: string } {
  if (!isRecord(details) || typeof details.retry_after_seconds !== 'number') return {}
  return { retry_at: new Date(Date.now() + details.retry_after_seconds * 1_000).toISOString() }
}
