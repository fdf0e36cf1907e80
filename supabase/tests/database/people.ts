// People, teams, servers and calls to tell the sentences with. Each makes new ones, so that sentences
// do not know of each other.
import type { Role } from '../../../shared/team.ts'
import type { Ground } from './ground.ts'

export type Person = { sub: string; email: string }

export async function createPerson(
  ground: Ground,
  { confirmed = true, email = `${crypto.randomUUID()}@people.test`, metadata = {} } = {},
): Promise<Person> {
  const sub = crypto.randomUUID()
  await ground.run(
    `insert into auth.users (id, email, email_confirmed_at, raw_user_meta_data) values ($1, $2, $3, $4)`,
    [sub, email, confirmed ? new Date().toISOString() : null, metadata],
  )
  return { sub, email }
}

export async function createTeam(ground: Ground, name = 'Acme'): Promise<string> {
  const [team] = await ground.run<{ id: string }>(
    'insert into public.teams (name) values ($1) returning id',
    [name],
  )
  return team!.id
}

export async function join(ground: Ground, team_id: string, who: { sub: string; role: Role }) {
  await ground.run(
    'insert into public.team_members (team_id, user_id, role) values ($1, $2, $3)',
    [team_id, who.sub, who.role],
  )
}

export async function createMember(
  ground: Ground,
  team_id: string,
  role: Role = 'member',
): Promise<Person> {
  const person = await createPerson(ground)
  await join(ground, team_id, { sub: person.sub, role })
  return person
}

/** A server with a sealed credential, as the edge function adds one. */
export async function createServer(
  ground: Ground,
  team_id: string,
  { server_type = 'http', secret = true, name = 'Demo' } = {},
): Promise<string> {
  const id = crypto.randomUUID()
  const config = server_type === 'stdio'
    ? { command: 'npx', args: [], env: {} }
    : { url: 'https://upstream.test/mcp' }
  const credential = secret
    ? { credential_type: 'api_key', encrypted_value: 'c2VhbGVk', key_version: 1 }
    : null
  await ground.as('service_role')('select public.add_server($1, null, $2, $3)', [
    team_id,
    { id, name, server_type, config },
    credential,
  ])
  return id
}

export type AccountPlace = { team_id: string; server_id: string; user_id: string | null }

/** Puts a sealed credential in the place of an account's; null only removes it. */
export async function keepCredential(
  ground: Ground,
  { team_id, server_id, user_id }: AccountPlace,
  given: { secret: string | null; credential_type?: string; expires_at?: string | null },
): Promise<void> {
  const { secret, credential_type = 'oauth_token', expires_at = null } = given
  const credential = secret === null
    ? null
    : { credential_type, encrypted_value: secret, key_version: 1, expires_at }
  await ground.as('service_role')('select public.keep_credential($1, $2, $3, $4)', [
    team_id,
    server_id,
    user_id,
    credential,
  ])
}

export type Definition = { name: string; description?: string }
type Sync = { tools_synced: number; added: string[]; changed: string[]; removed: string[] }

/** What a sync does with the tools a server lists. */
export async function sync(
  ground: Ground,
  team_id: string,
  given: { server_id: string; tools: Definition[] },
): Promise<Sync | null> {
  const tools = given.tools.map((definition) => ({
    tool_name: definition.name,
    description: definition.description ?? null,
    input_schema: { type: 'object' },
    definition,
    definition_hash: JSON.stringify(definition),
  }))
  const [row] = await ground.as('service_role')<{ kept: Sync | null }>(
    'select public.record_sync($1, $2, $3, $4, null) as kept',
    [team_id, given.server_id, tools, { protocol_version: '2026-07-28', transport: 'http' }],
  )
  return row!.kept
}

export type Policy = 'allow' | 'ask' | 'ask_admin' | 'deny'

export async function setPolicy(ground: Ground, tool_id: string, policy: Policy): Promise<void> {
  await ground.run('update public.mcp_tools set policy = $2 where id = $1', [tool_id, policy])
}

export async function toolOf(ground: Ground, server_id: string, name: string) {
  const [tool] = await ground.run<
    { id: string; policy: Policy; is_enabled: boolean; removed_at: unknown }
  >(
    'select id, policy, is_enabled, removed_at from public.mcp_tools where server_id = $1 and tool_name = $2',
    [server_id, name],
  )
  return tool!
}

export type Office = { team_id: string; server_id: string; tool_id: string; member: Person }

/** A team with one member, one server and its tool `echo`. */
export async function createOffice(
  ground: Ground,
  { policy = 'allow' as Policy, name = 'Acme' } = {},
): Promise<Office> {
  const team_id = await createTeam(ground, name)
  const member = await createMember(ground, team_id)
  const server_id = await createServer(ground, team_id)
  await sync(ground, team_id, { server_id, tools: [{ name: 'echo' }] })
  const { id: tool_id } = await toolOf(ground, server_id, 'echo')
  await setPolicy(ground, tool_id, policy)
  return { team_id, server_id, tool_id, member }
}
