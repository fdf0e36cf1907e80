// Astra as a user runs it, on PostgreSQL: a new stack with one team, whose owner added the upstreams.
import { type RunningStack, startStack } from '../../supabase/tests/running-stack.ts'
import { expectEcho } from './direct.ts'
import type { Contender } from './load.ts'
import { postJson } from './post.ts'

export type Astra = {
  folder: string
  url: string
  /** Adds a server, reads its tools, allows them; gives its id. */
  add(url: string): Promise<string>
  /** Calls through the gateway, or straight to another process of the function. */
  caller(name: string, server_id: string, at?: { url: string; pid: number }): Contender
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
  const pids = await stack.pids()
  const headers = { apikey: stack.publishable_key, Authorization: `Bearer ${owner.token}` }
  let added = 0
  return {
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
      processes: { function: at?.pid ?? pids.function!, stack: pids.stack! },
      async call(text) {
        const answer = await postJson(at?.url ?? `${stack.url}/functions/v1/mcp-client`, {
          body: { action: 'call_tool', server_id, tool_name: 'echo', parameters: { text } },
          headers,
        })
        expect(answer.status === 'success', answer)
        expectEcho(answer.result?.content, text)
      },
    }),
    stop: () => stopStack(stack),
  }
}

/** Ends a stack and removes what it kept. */
export async function stopStack(stack: RunningStack): Promise<void> {
  try {
    await stack.stop()
  } catch {
    // A Ctrl-C had reached it as well.
  }
  await Deno.remove(stack.folder, { recursive: true })
}

export function expect(holds: boolean, otherwise: unknown): void {
  if (!holds) throw new Error(JSON.stringify(otherwise)?.slice(0, 300))
}
