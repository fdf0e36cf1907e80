// What the matrix tries on each table and view of `public`: one statement per verb, each one valid, so
// that the service role succeeds and a refusal of anyone else is the guard's and nothing else's.
import { chatStatements } from './matrix-chats.ts'

/** Ids of the rows to try, all Acme's but for `globex`, `stranger`. */
export type Target = {
  team: string
  globex: string
  /** The person whose rows are tried. */
  user: string
  stranger: string
  server: string
  tool: string
  chat: string
  message: string
  attachment: string
  /** Shared with the whole team by the member, and what is in it. */
  shared: Shared
  /** The same of Globex. */
  shared_there: Shared
  execution: string
  /** Two open executions: one waits for a person, one runs. */
  waiting: string
  running: string
  /** A question to a person about a call of theirs. */
  approval: string
  /** The state of a sign-in under way, hashed. */
  sign_in: string
  invitation: string
}

export type Shared = Record<'chat' | 'message' | 'attachment', string>

export type Statements = {
  /** What a reader sees of a team: a condition, and what to count when it is not rows. */
  of: (team: string) => string
  amount?: string
  /** The rows of one person, when the table has such. */
  mine?: string
  /** The row that is tried. */
  one: string
  insert: string
  update: string
  /** To another team; for a row that has none, to another person. */
  move: string
}

export const ofTeam = (team: string) => `team_id = '${team}'`

/** Every relation of `public` with its statements. The matrix test fails for a relation without. */
export function statementsFor(at: Target): Record<string, Statements> {
  const mine = `user_id = '${at.user}'`
  const toGlobex = `team_id = '${at.globex}'`
  const fresh = 'gen_random_uuid()'
  return {
    profiles: {
      of: (team) => `id in (select user_id from team_members where team_id = '${team}')`,
      mine: `id = '${at.user}'`,
      one: `id = '${at.user}'`,
      insert: `(id, email) values ('${at.stranger}', 'new@people.test')`,
      update: `full_name = 'Renamed'`,
      move: `id = '${at.stranger}'`,
    },
    teams: {
      of: (team) => `id = '${team}'`,
      one: `id = '${at.team}'`,
      insert: `(name) values ('New')`,
      update: `name = 'Renamed'`,
      move: `id = '${at.globex}'`,
    },
    team_members: {
      of: ofTeam,
      mine,
      one: `team_id = '${at.team}' and user_id = '${at.user}'`,
      insert: `(team_id, user_id, role) values ('${at.team}', '${at.stranger}', 'owner')`,
      update: `role = 'analyst'`,
      move: toGlobex,
    },
    team_invitations: {
      of: ofTeam,
      one: `id = '${at.invitation}'`,
      insert: `(team_id, email) values ('${at.team}', 'another@people.test')`,
      update: `role = 'admin'`,
      move: toGlobex,
    },
    mcp_servers: {
      of: ofTeam,
      one: `id = '${at.server}'`,
      insert: `(team_id, name, server_type, config) values ('${at.team}', 'New', 'http', '{}')`,
      update: `name = 'Renamed'`,
      move: toGlobex,
    },
    mcp_server_credentials: {
      of: ofTeam,
      one: `server_id = '${at.server}'`,
      insert: `(team_id, server_id, credential_type, encrypted_value, key_version)
        values ('${at.team}', '${at.server}', 'custom', 'x', 1) on conflict (server_id, user_id) do update set key_version = 1`,
      update: `encrypted_value = 'mine'`,
      move: toGlobex,
    },
    mcp_tools: {
      of: ofTeam,
      one: `id = '${at.tool}'`,
      insert: `(team_id, server_id, tool_name, input_schema, definition, definition_hash)
        values ('${at.team}', '${at.server}', 'new', '{}', '{}', '')`,
      update: `policy = 'allow', is_enabled = true, timeout_seconds = 60`,
      move: toGlobex,
    },
    mcp_policy_changes: {
      of: ofTeam,
      one: `tool_id = '${at.tool}'`,
      insert:
        `(team_id, tool_id, policy_before, policy, allows_always_before, allows_always, sends_out_before, sends_out)
        values ('${at.team}', '${at.tool}', 'deny', 'allow', false, false, true, true)`,
      update: `policy = 'ask'`,
      move: toGlobex,
    },
    mcp_standing_approvals: {
      of: ofTeam,
      mine,
      one: `tool_id = '${at.tool}' and user_id = '${at.user}'`,
      insert: `(team_id, tool_id, user_id, definition_hash)
        values ('${at.team}', '${at.tool}', '${at.user}', 'any') on conflict (tool_id, user_id) do update set definition_hash = 'any'`,
      update: `definition_hash = 'any'`,
      move: toGlobex,
    },
    mcp_approvals: {
      of: ofTeam,
      mine,
      one: `id = '${at.approval}'`,
      insert: `(id, team_id, execution_id, tool_id, user_id, needs, arguments_hash, expires_at)
        values (${fresh}, '${at.team}', '${at.running}', '${at.tool}', '${at.user}', 'self', '', now())`,
      update: `decision = 'approved', decided_at = now()`,
      move: toGlobex,
    },
    mcp_endpoints: {
      of: ofTeam,
      one: `server_id = '${at.server}'`,
      insert:
        `(team_id, server_id, url, position) values ('${at.team}', '${at.server}', 'https://new.test/mcp', 9)`,
      update: `status = 'online', rests_until = null`,
      move: toGlobex,
    },
    rate_windows: {
      of: ofTeam,
      one: `scope = 'team' and subject_id = '${at.team}'`,
      insert:
        `(team_id, scope, subject_id, started_at, calls) values ('${at.team}', 'tool', '${at.tool}', now(), 0)`,
      update: `calls = 0`,
      move: toGlobex,
    },
    mcp_tool_executions: {
      of: ofTeam,
      mine,
      one: `id = '${at.execution}'`,
      insert: `(team_id, user_id, server_id, tool_id, input_parameters)
        values ('${at.team}', '${at.user}', '${at.server}', '${at.tool}', '{}')`,
      update: `error_message = 'rewritten'`,
      move: toGlobex,
    },
    mcp_execution_waits: {
      of: ofTeam,
      one: `execution_id = '${at.waiting}'`,
      insert: `(execution_id, team_id, encrypted_value, key_version, definition_hash, config, held)
        values ('${at.running}', '${at.team}', 'x', 1, '', '{}', false)`,
      update: `answer = '{}'`,
      move: toGlobex,
    },
    mcp_oauth_clients: {
      of: ofTeam,
      one: `server_id = '${at.server}'`,
      insert: `(team_id, server_id, issuer, is_given, encrypted_value, key_version)
        values ('${at.team}', '${at.server}', 'https://new.test', false, 'x', 1)`,
      update: `encrypted_value = 'mine'`,
      move: toGlobex,
    },
    mcp_oauth_flows: {
      of: ofTeam,
      mine,
      one: `state_hash = '${at.sign_in}'`,
      insert:
        `(state_hash, team_id, server_id, user_id, account, return_to, encrypted_value, key_version)
        values (${fresh}::text, '${at.team}', '${at.server}', '${at.user}', 'person', '/', 'x', 1)`,
      update: `return_to = 'https://elsewhere.test'`,
      move: toGlobex,
    },
    notifications: {
      of: ofTeam,
      mine,
      one: `execution_id = '${at.execution}' and ${mine}`,
      insert: `(team_id, user_id, kind, execution_id)
        values ('${at.team}', '${at.user}', 'input_needed', '${at.execution}')`,
      update: `read_at = now()`,
      move: toGlobex,
    },
    team_models: {
      of: ofTeam,
      one: `team_id = '${at.team}'`,
      insert: `(team_id, provider, name)
        values ('${at.team}', 'anthropic', 'new') on conflict (team_id) do update set name = 'new'`,
      update: `name = 'another'`,
      move: toGlobex,
    },
    team_model_changes: {
      of: ofTeam,
      one: `team_id = '${at.team}'`,
      insert: `(team_id, key_changed) values ('${at.team}', false)`,
      update: `changed_by = null`,
      move: toGlobex,
    },
    devices: {
      of: (team) => `user_id in (select user_id from team_members where team_id = '${team}')`,
      mine,
      one: mine,
      insert: `(user_id, endpoint, p256dh, auth, label)
        values ('${at.user}', 'https://push.test/' || ${fresh}, 'p', 'a', 'New')`,
      update: `label = 'Renamed'`,
      move: `user_id = '${at.stranger}'`,
    },
    pushes: {
      of: ofTeam,
      mine,
      one: `execution_id = '${at.execution}' and ${mine}`,
      insert: `(device_id, team_id, user_id, execution_id, kind, expires_at)
        select id, '${at.team}', user_id, '${at.running}', 'input_needed', now() from devices where ${mine}`,
      update: `next_at = now() + interval '1 year'`,
      move: toGlobex,
    },
    team_webhooks: {
      of: ofTeam,
      one: `team_id = '${at.team}'`,
      insert: `(team_id, url, encrypted_value, key_version)
        values ('${at.team}', 'https://new.test/hook', 'x', 1) on conflict (team_id) do update set key_version = 1`,
      update: `url = 'https://elsewhere.test/hook'`,
      move: toGlobex,
    },
    webhook_deliveries: {
      of: ofTeam,
      one: `execution_id = '${at.execution}'`,
      insert: `(team_id, execution_id, event, payload)
        values ('${at.team}', '${at.running}', 'execution.ended', '{}')`,
      update: `next_at = now() + interval '1 year'`,
      move: toGlobex,
    },
    ...chatStatements(at),
    usage_hourly: {
      of: ofTeam,
      mine,
      one: `team_id = '${at.team}' and user_id = '${at.user}'`,
      insert: `(team_id, hour, server_id, tool_id, user_id, shard, last_executed_at)
        values ('${at.team}', now(), '${at.server}', '${at.tool}', '${at.user}', 99, now())`,
      update: `execution_count = 0`,
      move: toGlobex,
    },
    mcp_tool_statistics: {
      of: ofTeam,
      amount: 'coalesce(sum(execution_count), 0)::integer',
      one: `tool_id = '${at.tool}'`,
      insert: `(team_id, tool_id) values ('${at.team}', '${at.tool}')`,
      update: `execution_count = 0`,
      move: toGlobex,
    },
  }
}
