// The mission's design as a contender: its function behind the same gateway and Data API as Astra's, its
// tables in a database of their own in the same PostgreSQL.
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { startStack } from '../../../supabase/tests/running-stack.ts'
import { type Elsewhere, expect, processesOf, stopStack } from '../astra.ts'
import type { Canned } from '../canned.ts'
import { expectEcho } from '../direct.ts'
import type { Contender } from '../load.ts'
import { postJson } from '../post.ts'

export const naiveEntry = fileURLToPath(new URL('function.ts', import.meta.url))
const migrations = fileURLToPath(new URL('migrations', import.meta.url))

/** Each call leaves a session and its sockets behind, so there are only so many. */
const mostPerCell = 150

export type Naive = {
  folder: string
  url: string
  add(url: string): Promise<string>
  caller(name: string, server_id: string, at?: Elsewhere): Contender
  canned(server_id: string): Promise<Canned>
  stop(): Promise<void>
}

export async function startNaive(databaseUrl: string): Promise<Naive> {
  const stack = await startStack({
    env: {
      ASTRA_DATABASE_URL: await createDatabase(databaseUrl),
      ASTRA_DEMO: 'off',
      ASTRA_WEB: 'off',
      ASTRA_STACK_FUNCTION: naiveEntry,
      ASTRA_STACK_MIGRATIONS: migrations,
    },
  })
  const insert = async (table: string, row: Record<string, unknown>) => {
    const { status, body } = await stack.asService(table, {
      method: 'POST',
      body: JSON.stringify(row),
      headers: { Prefer: 'return=representation' },
    })
    expect(status === 201, body)
    return body[0].id as string
  }
  const team_id = await insert('teams', { name: 'Bench' })
  const person = await stack.signUp('owner@bench.test', { team_id })
  await insert('users', { id: person.user_id, team_id })
  const pids = await stack.pids()
  const headers = { apikey: stack.publishable_key, Authorization: `Bearer ${person.token}` }
  let added = 0
  return {
    folder: stack.folder,
    url: stack.url,
    async add(url) {
      const server = { team_id, name: `Upstream ${++added}`, server_type: 'http', config: { url } }
      const server_id = await insert('mcp_servers', server)
      await insert('mcp_tools', { server_id, tool_name: 'echo', input_schema: { type: 'object' } })
      return server_id
    },
    caller: (name, server_id, at) => ({
      name,
      most: mostPerCell,
      processes: processesOf(pids, at),
      async call(text) {
        const answer = await postJson(at?.url ?? `${stack.url}/functions/v1/mcp-client`, {
          body: { action: 'call_tool', server_id, tool_name: 'echo', parameters: { text } },
          headers,
        })
        expect(answer.success === true, answer)
        expectEcho(answer.result?.content, text)
      },
    }),
    async canned(server_id) {
      const user = await (await fetch(`${stack.url}/auth/v1/user`, { headers })).json()
      const one = async (path: string) => (await stack.asService(path)).body[0]
      return {
        'GET /auth/v1/user': { status: 200, body: user },
        'GET /rest/v1/mcp_servers': {
          status: 200,
          body: await one(`mcp_servers?id=eq.${server_id}`),
        },
        'GET /rest/v1/mcp_tools': {
          status: 200,
          body: await one(`mcp_tools?server_id=eq.${server_id}`),
        },
        'POST /rest/v1/mcp_tool_executions': {
          status: 201,
          body: { id: server_id, status: 'pending' },
        },
        'PATCH /rest/v1/mcp_tool_executions': { status: 204 },
        'POST /rest/v1/rpc/increment_tool_stats': { status: 204 },
      }
    },
    stop: () => stopStack(stack),
  }
}

async function createDatabase(url: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql`create database naive`
  await sql.end()
  const named = new URL(url)
  named.pathname = '/naive'
  return named.href
}
