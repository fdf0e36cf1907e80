// Astra as a user runs it, on PostgreSQL: a new stack with one team, whose owner added the upstreams.
import { type Person, type RunningStack, startStack } from '../../supabase/tests/running-stack.ts'
import type { Canned } from './canned.ts'
import { expectEcho } from './direct.ts'
import type { Contender } from './load.ts'
import { postJson } from './post.ts'

/** Another process of a function, and whether the stack's own process still takes part. */
export type Elsewhere = { url: string; pid: number; alone?: boolean }

export type Astra = {
  stack: RunningStack
  owner: Person
  folder: string
  url: string
  /** Adds a server, reads its tools, allows them; gives its id. */
  add(url: string): Promise<string>
  /** Calls through the gateway, or straight to another process of the function. */
  caller(name: string, server_id: string, at?: Elsewhere): Contender
  /** What the project answers to a call of this server. */
  canned(server_id: string): Promise<Canned>
  stop(): Promise<void>
}

export async function startAstra(databaseUrl: string): Promise<Astra> {
  const stack = await startStack({
    env: {
      ASTRA_DATABASE_URL: databaseUrl,
      ASTRA_DEMO: 'off',
      ASTRA_WEB: 'off',
      ASTRA_ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
    },
  })
  const owner = await stack.signUp('owner@bench.test')
  const team = await owner.rest('rpc/create_team', { method: 'POST', body: '{"p_name":"Bench"}' })
  expect(team.status === 200, team.body)
  // What is measured here is the corridor, not what a team allows itself.
  const unlimited = JSON.stringify({ rate_per_person: null, rate_per_team: null })
  const lifted = await owner.rest(`teams?id=eq.${team.body}`, { method: 'PATCH', body: unlimited })
  expect(lifted.status === 204, lifted.body)
  const pids = await stack.pids()
  const headers = { apikey: stack.publishable_key, Authorization: `Bearer ${owner.token}` }
  let added = 0
  return {
    stack,
    owner,
    folder: stack.folder,
    url: stack.url,
    async add(url) {
      const name = `Upstream ${++added}`
      const { status, body } = await owner.call('add_server', {
        name,
        server_type: 'http',
        config: { url },
      })
      expect(status === 200, body)
      const server_id: string = body.server.id
      const synced = await owner.call('sync_tools', { server_id })
      expect(synced.status === 200, synced.body)
      const path = `mcp_tools?server_id=eq.${server_id}`
      await owner.rest(path, { method: 'PATCH', body: '{"policy":"allow"}' })
      return server_id
    },
    caller: (name, server_id, at) => ({
      name,
      processes: processesOf(pids, at),
      async call(text) {
        const answer = await postJson(at?.url ?? `${stack.url}/functions/v1/mcp-client`, {
          body: { action: 'call_tool', server_id, tool_name: 'echo', parameters: { text } },
          headers,
        })
        expect(answer.status === 'success', answer)
        expectEcho(answer.result?.content, text)
      },
    }),
    async canned(server_id) {
      const { body } = await stack.asService('rpc/begin_execution', {
        method: 'POST',
        body: JSON.stringify({
          p_user_id: owner.user_id,
          p_team_id: null,
          p_server_id: server_id,
          p_tool_name: 'echo',
          p_parameters: {},
          p_origin: 'direct',
          p_approved: true,
        }),
      })
      expect(body.verdict === 'run', body)
      return {
        'POST /rest/v1/rpc/begin_execution': { status: 200, body },
        'POST /rest/v1/rpc/finish_execution': { status: 200, body: true },
      }
    },
    stop: () => stopStack(stack),
  }
}

/** Whose processor time a call through this stack costs. */
export function processesOf(pids: Record<string, number>, at?: Elsewhere): Contender['processes'] {
  const pid = at?.pid ?? pids.function!
  return at?.alone ? { function: pid } : { function: pid, stack: pids.stack! }
}

/** Ends a stack and removes what it kept. */
export async function stopStack(stack: RunningStack): Promise<void> {
  try {
    await stack.stop()
  } catch {
    // A Ctrl-C had reached it as well.
    await Deno.remove(stack.folder, { recursive: true })
  }
}

export function expect(holds: boolean, otherwise: unknown): void {
  if (!holds) throw new Error(JSON.stringify(otherwise)?.slice(0, 300))
}
