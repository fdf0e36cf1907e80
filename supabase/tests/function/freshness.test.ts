// A team's tools follow their servers: what a server says about changes and caching is acted upon when
// someone looks, with real servers over HTTP.
import assert from 'node:assert/strict'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { startSessions } from '../upstreams/sessions.ts'
import { definitions } from '../upstreams/tools.ts'
import { addServer, people, stack, syncAndAllow } from './the-stack.ts'

const { owner, member } = people

const toolNames = async (server_id: string, input = {}): Promise<string[]> => {
  const { body } = await member.call('list_tools', input)
  return body.tools.filter((tool: { server_id: string }) => tool.server_id === server_id)
    .map(({ tool_name }: { tool_name: string }) => tool_name)
}

/** How long it is until whoever looks has the tools read again. */
async function secondsLeft(server_id: string): Promise<number> {
  const { body } = await stack.asService(`mcp_servers?id=eq.${server_id}&select=tools_stale_at`)
  return (Date.parse(body[0].tools_stale_at) - Date.now()) / 1_000
}

async function setStaleAt(server_id: string, moment: string): Promise<void> {
  await stack.asService(`mcp_servers?id=eq.${server_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ tools_stale_at: moment }),
  })
}

/** Looks, as people do, until it holds; each look may have the tools read again for the next one. */
async function looking(
  server_id: string,
  holds: (names: string[]) => boolean,
  input = {},
): Promise<void> {
  const deadline = Date.now() + 10_000
  const look = () => toolNames(server_id, input)
  for (let names = await look(); !holds(names); names = await look()) {
    assert.ok(Date.now() < deadline, names.join())
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

Deno.test('a tool that a server adds and tells of is there at the next look, and asks for a person; nothing connects anew for it', async () => {
  const server = startSessions()
  const server_id = await addServer(server.url)
  try {
    await syncAndAllow(server_id)
    // Opens the session whose stream brings the news.
    await member.call('call_tool', { server_id, tool_name: definitions[0]!.name, parameters: {} })
    // A server that tells of its tools whenever one connects would otherwise be read for ever.
    const before = server.recorder.count('initialize')
    definitions.push({ name: 'brand_new', inputSchema: { type: 'object' } } as never)
    server.announce()
    await looking(server_id, (names) => names.includes('brand_new'))
    const { body } = await stack.asService(
      `mcp_tools?server_id=eq.${server_id}&tool_name=eq.brand_new&select=policy`,
    )
    assert.equal(body[0].policy, 'ask')
    definitions.pop()
    server.announce()
    // A look at this server alone counts as one.
    await looking(server_id, (names) => !names.includes('brand_new'), { server_id })
    assert.equal(server.recorder.count('initialize'), before)
  } finally {
    const left = definitions.findIndex(({ name }) => name === 'brand_new')
    if (left >= 0) definitions.splice(left, 1)
    await owner.call('remove_server', { server_id })
    await server.stop()
  }
})

Deno.test('what a server lists for a member’s own account does not become the team’s tools', async () => {
  const server = startSessions()
  const server_id = await addServer(server.url, { account: 'person' })
  try {
    for (const person of [owner, member]) {
      const credential = { credential_type: 'oauth_token', value: `token-of-${person.user_id}` }
      await person.call('set_credential', { server_id, account: 'person', credential })
    }
    await syncAndAllow(server_id)
    definitions.push({ name: 'for_you', inputSchema: { type: 'object' } } as never)
    const long_ago = '2020-01-01T00:00:00+00:00'
    await setStaleAt(server_id, long_ago)
    await member.call('list_tools', {})
    await member.call('list_tools', { server_id })
    // An admin's look comes after both, and is the first that reads.
    await owner.call('list_tools', {})
    await looking(server_id, (names) => names.includes('for_you'))
    assert.deepEqual(
      server.recorder.seen.filter(({ headers }) =>
        headers.get('authorization')?.includes(member.user_id)
      ),
      [],
    )
  } finally {
    definitions.splice(definitions.findIndex(({ name }) => name === 'for_you'), 1)
    await owner.call('remove_server', { server_id })
    await server.stop()
  }
})

Deno.test('a caching hint says when the tools are read again', async () => {
  let hinted = 3_600_000
  let tools = ['first']
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'hints', version: '1.0.0' })
    for (const name of tools) {
      server.registerTool(name, { description: 'x' }, () => ({ content: [] }))
    }
    return server
  }, { legacy: 'reject', keepAliveMs: 0 })
  const end = new AbortController()
  const http = Deno.serve(
    { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} },
    async (request) => {
      const answer = await handler.fetch(request)
      const text = await answer.text()
      return new Response(text.replace(/"ttlMs":\d+/, `"ttlMs":${hinted}`), answer)
    },
  )
  const server_id = await addServer(`http://127.0.0.1:${http.addr.port}/mcp`)
  try {
    await syncAndAllow(server_id)
    const seconds = await secondsLeft(server_id)
    assert.ok(seconds > 3_500 && seconds <= 3_600, String(seconds))
    tools = ['first', 'second']
    hinted = 60_000
    assert.deepEqual(await toolNames(server_id), ['first'])
    // An hour passes.
    await setStaleAt(server_id, new Date(Date.now() - 1).toISOString())
    await looking(server_id, (names) => names.includes('second'))
  } finally {
    await owner.call('remove_server', { server_id })
    await handler.close()
    end.abort()
    await http.finished
  }
})

Deno.test('tools of a server that gives no caching hint are read again after five minutes, again and again', async () => {
  const server = startSessions()
  const server_id = await addServer(server.url)
  try {
    await syncAndAllow(server_id)
    for (const name of ['sixth_minute', 'twelfth_minute']) {
      const seconds = await secondsLeft(server_id)
      assert.ok(seconds > 290 && seconds <= 300, String(seconds))
      definitions.push({ name, inputSchema: { type: 'object' } } as never)
      // Five minutes pass.
      await setStaleAt(server_id, new Date(Date.now() - 1).toISOString())
      await looking(server_id, (names) => names.includes(name))
    }
  } finally {
    for (const name of ['sixth_minute', 'twelfth_minute']) {
      const left = definitions.findIndex((one) => one.name === name)
      if (left >= 0) definitions.splice(left, 1)
    }
    await owner.call('remove_server', { server_id })
    await server.stop()
  }
})
