import assert from 'node:assert/strict'
import { createApp, createDoors } from '../../functions/mcp-client/app.ts'
import { tokenVerifier } from '../../functions/mcp-client/auth.ts'
import { readSettings } from '../../functions/mcp-client/env.ts'
import { promises } from '../promises.ts'
import { startLegacySse } from '../upstreams/legacy-sse.ts'
import { startModern } from '../upstreams/modern.ts'
import { startSessions } from '../upstreams/sessions.ts'
import { addServer, people, stack, syncAndAllow } from './the-stack.ts'

/** Stands between the function and its database and writes down, in order, what passes. */
function startTap(seen: string[]) {
  const tap = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url)
    seen.push(pathname)
    const { method, headers } = request
    const body = request.body ? await request.arrayBuffer() : null
    return await fetch(`${stack.url}${pathname}${search}`, { method, headers, body })
  })
  return { url: `http://127.0.0.1:${tap.addr.port}`, stop: () => tap.shutdown() }
}

async function settingsOf(url: string) {
  const kept = JSON.parse(await Deno.readTextFile(`${stack.folder}/secrets.json`))
  const variables: Record<string, string> = {
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEY: kept.publishable_key,
    SUPABASE_SECRET_KEY: kept.secret_key,
    ASTRA_JWT_SECRET: kept.jwt_secret,
    ASTRA_CREDENTIAL_KEYS: kept.credential_keys,
    ASTRA_ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
  }
  return readSettings((name) => variables[name])
}

Deno.test(promises.warm_call_counts, async () => {
  const seen: string[] = []
  const tap = startTap(seen)
  const work: Promise<unknown>[] = []
  const app = createApp(await settingsOf(tap.url), (promise) => work.push(promise))
  // Tokens name the stack itself as their issuer, not the tap in front of it.
  app.verifyToken = tokenVerifier(await settingsOf(stack.url))
  const doors = createDoors(app)
  const call = async (server_id: string) => {
    seen.length = 0
    const response = await doors.request('/mcp-client', {
      method: 'POST',
      headers: { Authorization: `Bearer ${people.member.token}` },
      body: JSON.stringify({
        action: 'call_tool',
        server_id,
        tool_name: 'echo',
        parameters: { text: 'counted' },
      }),
    })
    const answer = await response.json()
    await Promise.all(work.splice(0))
    assert.equal(answer.status, 'success', JSON.stringify(answer))
  }

  const upstreams = [startModern(), startSessions(), startLegacySse()]
  for (const upstream of upstreams) {
    const server_id = await addServer(upstream.url, {
      server_type: upstream.url.endsWith('/sse') ? 'sse' : 'http',
    })
    await syncAndAllow(server_id)
    const { recorder } = upstream
    recorder.add = (http, body) => seen.push(`upstream ${http} ${JSON.parse(body || '{}').method}`)
    await call(server_id)
    for (let n = 0; n < 3; n++) {
      await call(server_id)
      assert.deepEqual(seen, [
        '/rest/v1/rpc/begin_execution',
        'upstream POST tools/call',
        '/rest/v1/rpc/finish_execution',
      ], upstream.url)
    }
    // It stops answering below, and nobody should be offered its tools then.
    await people.owner.call('remove_server', { server_id })
  }

  await app.connections.close()
  await tap.stop()
  for (const upstream of upstreams) await upstream.stop()
})
