// Changing a server's address, against a Data API that says what it was asked.
import assert from 'node:assert/strict'
import { PostgrestClient } from '@supabase/postgrest-js'
import type { Asked } from './actions.ts'
import { AppError } from './http.ts'
import { updateServer } from './servers.ts'

type Row = { server_type: string; config: Record<string, unknown>; credential_type: string | null }

/** Asks for the change. `seen` is the row as it was read; by the time of the write it has a credential. */
async function change(config: Record<string, unknown>, seen: Row): Promise<unknown> {
  const fetch = (input: RequestInfo | URL, init?: RequestInit) => {
    const { pathname, searchParams } = new URL(String(input))
    // Nobody has an account of their own there.
    if (!pathname.endsWith('/mcp_servers')) return Promise.resolve(Response.json([]))
    if (init?.method !== 'PATCH') return Promise.resolve(Response.json([seen]))
    const kept = searchParams.get('credential_type') === 'is.null'
    return Promise.resolve(Response.json(kept ? [] : [{ ...seen, config }]))
  }
  const service = new PostgrestClient('http://data.test', { fetch })
  const asked = {
    app: { db: { service, as: () => service }, settings: { allowedPrivateHosts: [] } },
    as: { team_id: 'a' },
    input: { server_id: 'b', config },
  }
  return await updateServer(asked as unknown as Asked<'update_server'>)
}

const isBound = (thrown: unknown) => thrown instanceof AppError && thrown.code === 'conflict'

Deno.test('a credential entered while the address is being changed does not follow it', async () => {
  const seen = {
    server_type: 'http',
    config: { url: 'https://a.example.com/mcp' },
    credential_type: null,
  }
  await assert.rejects(change({ url: 'https://evil.example.com/mcp' }, seen), isBound)
  await change({ url: 'https://a.example.com/other' }, seen)
})

Deno.test('a credential entered while an endpoint is being added does not follow it', async () => {
  const url = 'https://a.example.com/mcp'
  const seen = { server_type: 'http', config: { url }, credential_type: null }
  await assert.rejects(change({ url, replicas: ['https://evil.example.com/mcp'] }, seen), isBound)
  await change({ url, replicas: ['https://a.example.com/other'] }, seen)
})

Deno.test('a credential does not follow a server to a further host, by whichever address', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => `https://${name}.example.com/mcp`)
  const seen = {
    server_type: 'http',
    config: { url: a, replicas: [b] },
    credential_type: 'api_key',
  }
  const further = [
    { url: c },
    { url: a, replicas: [c] },
    { url: a, replicas: [b, c] },
    { url: c, replicas: [a, b] },
  ]
  for (const config of further) {
    await assert.rejects(change(config, seen), isBound, JSON.stringify(config))
  }
  for (const config of [{ url: a }, { url: b }, { url: b, replicas: [a] }]) {
    await change(config, seen)
  }
})

Deno.test('the secrets of a stdio server do not follow it to another command', async () => {
  const config = { command: 'one', args: [] }
  const seen = { server_type: 'stdio', config, credential_type: 'custom' }
  await assert.rejects(change({ command: 'two', args: [], env: {} }, seen), isBound)
})
