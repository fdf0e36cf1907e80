// The corridor's round trips as the edge function makes them: as the service role, one statement each.
import type { Run } from '../../../scripts/stack/database.ts'
import type { Ground } from './ground.ts'
import type { Office } from './people.ts'

export type Verdict = {
  verdict: 'run' | 'ask' | 'ended' | 'refused' | 'no_team'
  reason?: string
  execution_id?: string
  team_id?: string
  status?: string
  result?: unknown
  error_message?: string | null
  error_code?: string | null
  asked?: unknown
  memberships?: { team_id: string; team_name: string; role: string }[]
  account?: 'team' | 'person'
  credential?: { encrypted_value: string } | null
  server?: { id: string; config: Record<string, unknown> }
  needs?: 'self' | 'admin'
  allows_always?: boolean
  endpoints?: string[]
  limit?: string
  retry_after_seconds?: number
  cached_at?: string | null
  tool?: {
    definition: unknown
    definition_hash: string
    timeout_seconds: number
    longest_seconds: number
  }
}

export type Call = {
  user_id?: string | null
  team_id?: string | null
  server_id?: string
  tool_name?: string
  parameters?: unknown
  approved?: boolean | null
  chat_id?: string | null
  message_id?: string | null
  key?: string | null
  hash?: string | null
  mode?: 'sync' | 'async'
  arguments_hash?: string | null
  origin?: 'direct' | 'chat'
  after_outside?: boolean | null
}

export function begin(ground: Ground, office: Office, call: Call = {}): Promise<Verdict> {
  return beginOn(ground.as('service_role'), office, call)
}

/** The same inside a transaction of the caller's. */
export async function beginOn(run: Run, office: Office, call: Call = {}): Promise<Verdict> {
  const asked = { ...defaultsOf(office), ...call }
  const [row] = await run<{ verdict: Verdict }>(
    `select public.begin_execution(p_user_id => $1, p_team_id => $2, p_server_id => $3,
      p_tool_name => $4, p_parameters => $5, p_origin => $13, p_approved => $6,
      p_chat_id => $7, p_message_id => $8, p_idempotency_key => $9, p_request_hash => $10, p_mode => $11,
      p_arguments_hash => $12, p_after_outside => $14) as verdict`,
    [
      asked.user_id,
      asked.team_id,
      asked.server_id,
      asked.tool_name,
      asked.parameters,
      asked.approved,
      asked.chat_id,
      asked.message_id,
      asked.key,
      asked.hash,
      asked.mode,
      asked.arguments_hash,
      asked.origin,
      asked.after_outside,
    ],
  )
  return row!.verdict
}

function defaultsOf(office: Office): Required<Call> {
  return {
    user_id: office.member.sub,
    team_id: office.team_id,
    server_id: office.server_id,
    tool_name: 'echo',
    parameters: { message: 'hello' },
    approved: false,
    origin: 'direct',
    chat_id: null,
    message_id: null,
    key: null,
    hash: null,
    mode: 'sync',
    arguments_hash: null,
    after_outside: null,
  }
}

export type End = {
  status?: string
  duration_ms?: number
  output?: unknown
  error_code?: string | null
  error_message?: string | null
  attempts?: unknown
}

export async function finish(
  ground: Ground,
  execution_id: string,
  end: End = {},
): Promise<boolean> {
  const [row] = await ground.as('service_role')<{ first: boolean }>(
    `select public.finish_execution($1, $2, $3, $4, $5, $6, null, $7) as first`,
    [
      execution_id,
      end.status ?? 'success',
      end.duration_ms ?? 10,
      end.output ?? { content: [] },
      end.error_code ?? null,
      end.error_message ?? null,
      end.attempts ?? null,
    ],
  )
  return row!.first
}

/** One whole call; gives its execution's id. */
export async function call(
  ground: Ground,
  office: Office,
  given: Call & End = {},
): Promise<string> {
  const { execution_id } = await begin(ground, office, given)
  await finish(ground, execution_id!, given)
  return execution_id!
}

export type Row = {
  id: string
  team_id: string
  user_id: string | null
  tool_id: string
  status: string
  error_code: string | null
  error_message: string | null
  output_result: unknown
  duration_ms: number | null
  ended: boolean
}

/** A team's execution rows, oldest first. */
export function executionsOf(ground: Ground, team_id: string): Promise<Row[]> {
  return ground.run<Row>(
    `select id, team_id, user_id, tool_id, status, error_code, error_message, output_result,
      duration_ms, completed_at is not null as ended
    from public.mcp_tool_executions where team_id = $1 order by executed_at, id`,
    [team_id],
  )
}

/** Makes a lease run out, as if its worker had died a while ago. */
export async function expireLease(ground: Ground, execution_id: string): Promise<void> {
  await ground.run(
    `update public.mcp_tool_executions set lease_expires_at = now() - interval '1 second' where id = $1`,
    [execution_id],
  )
}

export async function reap(ground: Ground): Promise<number> {
  const [row] = await ground.as('service_role')<{ closed: number }>(
    'select public.reap_executions() as closed',
  )
  return row!.closed
}
