// One running stack, one owner and one team for the whole interop matrix, and how its tests talk to the
// function: plainly, or line by line as things happen.
import assert from 'node:assert/strict'
import { startStack } from '../running-stack.ts'

export const stack = await startStack({
  env: { ASTRA_DEMO: 'off', ASTRA_ALLOWED_PRIVATE_HOSTS: '127.0.0.1' },
})
Deno.test.afterAll(() => stack.stop())

const owner = await stack.signUp('owner@interop.example')
const { body: team_id } = await owner.rest('rpc/create_team', {
  method: 'POST',
  body: JSON.stringify({ p_name: 'Interop' }),
})

/** An operation that must be answered. */
export async function ask(action: string, input: Record<string, unknown>) {
  const { status, body } = await owner.call(action, { team_id, ...input })
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

/** Adds a server, reads its tools and allows them. Gives its id. */
export async function register(given: { url: string; server_type: string }): Promise<string> {
  const { server } = await ask('add_server', {
    name: crypto.randomUUID(),
    server_type: given.server_type,
    config: { url: given.url },
  })
  await ask('sync_tools', { server_id: server.id })
  await owner.rest(`mcp_tools?server_id=eq.${server.id}`, {
    method: 'PATCH',
    body: JSON.stringify({ policy: 'allow' }),
  })
  return server.id
}

export async function toolNames(server_id: string): Promise<string[]> {
  const { tools } = await ask('list_tools', { server_id })
  return tools.map(({ tool_name }: { tool_name: string }) => tool_name).sort()
}

// deno-lint-ignore no-explicit-any -- a test reads whatever came back
type Line = any

export type Told = {
  /** The next line with this event; what came before it is in `lines`. */
  next(event: string): Promise<Line>
  lines: Line[]
}

/** An operation whose answer is told as it comes about. */
export async function tell(action: string, input: Record<string, unknown>): Promise<Told> {
  const response = await fetch(`${stack.url}/functions/v1/mcp-client`, {
    method: 'POST',
    headers: {
      apikey: stack.publishable_key,
      authorization: `Bearer ${owner.token}`,
      accept: 'application/x-ndjson',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ action, team_id, ...input }),
  })
  assert.equal(response.status, 200)
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const lines: Line[] = []
  let rest = ''
  const next = async (event: string): Promise<Line> => {
    for (;;) {
      const end = rest.indexOf('\n')
      if (end < 0) {
        const { value, done } = await reader.read()
        assert.ok(!done, `no ${event} among ${JSON.stringify(lines)}`)
        rest += value
        continue
      }
      const line = JSON.parse(rest.slice(0, end))
      rest = rest.slice(end + 1)
      lines.push(line)
      if (line.event === event) return line
    }
  }
  return { next, lines }
}
