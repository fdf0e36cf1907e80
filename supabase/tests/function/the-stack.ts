// One running stack for every black-box test of the function: started once, ended with the process.
import { startStack } from '../running-stack.ts'

/** Any port of this address may be an upstream, so that tests can bring their own. */
const UPSTREAM_HOST = '127.0.0.1'

export const stack = await startStack({ env: { ASTRA_ALLOWED_PRIVATE_HOSTS: UPSTREAM_HOST } })
Deno.test.afterAll(() => stack.stop())

export const people = {
  owner: await stack.signIn('owner@acme.test'),
  admin: await stack.signIn('admin@acme.test'),
  member: await stack.signIn('member@acme.test'),
  analyst: await stack.signIn('analyst@acme.test'),
  stranger: await stack.signIn('owner@globex.test'),
}

/** Many tests call as the same few people: what a team allows itself is not in their way. */
export const limits = (columns: Record<string, number | null>) =>
  people.owner.rest(`teams?id=eq.${stack.teams.Acme}`, {
    method: 'PATCH',
    body: JSON.stringify(columns),
  })
await limits({ rate_per_person: null, rate_per_team: null })

const { body } = await people.owner.call('list_servers')
const named = (name: string): { id: string; name: string } =>
  body.servers.find((server: { name: string }) => server.name === name)

/** The demo's own servers, run by code no one here wrote. */
export const everything = { http: named('Everything'), sse: named('Everything SSE') }

/** Adds a server as Acme's owner. Gives its id. */
export async function addServer(
  url: string,
  more: Record<string, unknown> = {},
): Promise<string> {
  const added = await people.owner.call('add_server', {
    name: `Test ${crypto.randomUUID().slice(0, 8)}`,
    server_type: 'http',
    config: { url },
    ...more,
  })
  if (added.status !== 200) throw new Error(JSON.stringify(added.body))
  return added.body.server.id
}

/** Its tools may run at once, and pass for harmless: what may follow words from outside is tested elsewhere. */
export async function syncAndAllow(server_id: string): Promise<void> {
  const synced = await people.owner.call('sync_tools', { server_id })
  if (synced.status !== 200) throw new Error(JSON.stringify(synced.body))
  await people.owner.rest(`mcp_tools?server_id=eq.${server_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ policy: 'allow', sends_out: false }),
  })
}

/** A tool that was never listed, put in place for servers that cannot list: row and all. */
export async function plantTool(
  server_id: string,
  tool_name: string,
  timeout_seconds = 20,
): Promise<void> {
  const definition = { name: tool_name, inputSchema: { type: 'object' } }
  const planted = await stack.asService('mcp_tools', {
    method: 'POST',
    body: JSON.stringify({
      team_id: stack.teams.Acme,
      server_id,
      tool_name,
      input_schema: definition.inputSchema,
      definition,
      definition_hash: 'planted',
      timeout_seconds,
    }),
  })
  if (planted.status !== 201) throw new Error(JSON.stringify(planted.body))
}

/** The execution as stored, once it has ended. */
export async function stored(execution_id: string) {
  await people.owner.call('get_execution', { execution_id })
  const { body } = await stack.asService(`mcp_tool_executions?id=eq.${execution_id}`)
  return body[0]
}

type Row = { [column: string]: unknown } & { [column in 'id' | 'status']: string }

/**
 * What the service role reads at a path of the Data API, once it is as asked: what a process writes when
 * nobody reads along is waited for. Fails when it never comes to that.
 */
// deno-lint-ignore no-explicit-any -- a test reads whatever is in a row
export async function untilRows(path: string, hold: (rows: any[]) => boolean): Promise<any[]> {
  let last
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    last = (await stack.asService(path)).body
    if (hold(last)) return last
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${path} never came to that: ${JSON.stringify(last)}`)
}

/** The execution’s row once it is as asked. */
// deno-lint-ignore no-explicit-any -- a test reads whatever is in a row
export async function untilRow(execution_id: string, holds: (row: Row) => boolean): Promise<any> {
  const one = `mcp_tool_executions?id=eq.${execution_id}`
  return (await untilRows(one, ([row]) => row && holds(row)))[0]
}
export const isOver = (row: Row) => row.completed_at !== null

/** Ends the function without a word, and comes back when the stack has started another one. */
export async function killFunction(): Promise<void> {
  const killed = await functionPid()
  // An older Deno runs below a wrapper, in its group: both go.
  Deno.kill(-killed, 'SIGKILL')
  while ((await stack.pids()).function === killed) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const health = `${stack.url}/functions/v1/mcp-client/health`
  for (let alive = false; !alive;) {
    const answer = await fetch(health)
    await answer.body?.cancel()
    alive = answer.ok
  }
}

let pid = 0

/** The function's process as it is now: a test may have had it started anew. */
export async function functionPid(): Promise<number> {
  const runs = pid > 0 && await Deno.stat(`/proc/${pid}`).then(() => true, () => false)
  if (!runs) pid = (await stack.pids()).function!
  return pid
}
