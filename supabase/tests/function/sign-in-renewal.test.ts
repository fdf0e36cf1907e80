// Tokens that end: renewed once however many calls and processes want them, kept through outages, given up
// when they are gone. The authorization server takes everything back when a refresh token comes twice.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import type { Answer } from '../running-stack.ts'
import type { Fixture } from '../upstreams/authorization.ts'
import { startSecondFunction } from './second-function.ts'
import {
  callTool,
  credentialsOf,
  said,
  serverOf,
  signInTeam,
  withFixture,
} from './sign-in-steps.ts'
import { people, stack } from './the-stack.ts'

const { owner, member } = people
const CALLS = 50

const renewals = ({ seen }: Fixture) =>
  seen.tokens.filter((form) => form.get('grant_type') === 'refresh_token')

/** Tokens that end sooner than a call should rely on. */
const aboutToEnd = { seconds: 20 }

/** Holds the token endpoint until so many calls are under way, so that they really meet. */
function holdUntilAllAreThere(fixture: Fixture, server_id: string): void {
  fixture.behaviour.seconds = 3_600
  fixture.behaviour.hold = begun(server_id, CALLS)
}

/** Resolves when so many calls have been admitted. */
async function begun(server_id: string, count: number): Promise<void> {
  const deadline = Date.now() + 15_000
  const rows = `mcp_tool_executions?server_id=eq.${server_id}&select=id`
  while ((await stack.asService(rows)).body.length < count) {
    assert.ok(Date.now() < deadline, 'the calls did not begin')
  }
}

function assertRenewedOnce(fixture: Fixture, answers: Answer[]): void {
  for (const answer of answers) assert.equal(said(answer), 'you are ann')
  assert.equal(renewals(fixture).length, 1)
  assert.equal(fixture.books.reuses, 0)
}

Deno.test(promises.one_renewal, async () => {
  await withFixture({ behaviour: aboutToEnd }, async (fixture, server_id) => {
    await signInTeam(server_id)
    fixture.seen.tokens.length = 0
    holdUntilAllAreThere(fixture, server_id)
    assertRenewedOnce(
      fixture,
      await Promise.all(Array.from({ length: CALLS }, () => callTool(member, server_id))),
    )
  })
})

Deno.test('fifty calls that are refused with one token renew it once', async () => {
  await withFixture({}, async (fixture, server_id) => {
    await signInTeam(server_id)
    fixture.seen.tokens.length = 0
    holdUntilAllAreThere(fixture, server_id)
    fixture.books.endAccess()
    assertRenewedOnce(
      fixture,
      await Promise.all(Array.from({ length: CALLS }, () => callTool(member, server_id))),
    )
  })
})

for (const refused of [false, true]) {
  const how = refused ? 'are refused with' : 'hold'
  Deno.test(`two processes whose calls ${how} one ended token renew it once`, async () => {
    const second = await startSecondFunction()
    try {
      await withFixture({ behaviour: refused ? {} : aboutToEnd }, async (fixture, server_id) => {
        await signInTeam(server_id)
        const input = { server_id, tool_name: 'whoami' }
        fixture.seen.tokens.length = 0
        holdUntilAllAreThere(fixture, server_id)
        if (refused) fixture.books.endAccess()
        const answers = Array.from(
          { length: CALLS },
          (_, at) => at % 2 ? second.call(member, 'call_tool', input) : callTool(member, server_id),
        )
        assertRenewedOnce(fixture, await Promise.all(answers))
        const used = new Set(fixture.seen.calls.map(({ token }) => token))
        assert.equal(used.size, 1)
      })
    } finally {
      await second.stop()
    }
  })
}

Deno.test('an outage of the authorization server costs no token', async () => {
  await withFixture({ behaviour: aboutToEnd }, async (fixture, server_id) => {
    await signInTeam(server_id)
    fixture.behaviour.token_status = 503
    // Still good for twenty seconds: a renewal that fails does not stop the call.
    assert.equal(said(await callTool(member, server_id)), 'you are ann')
    fixture.books.endAccess()
    const { body } = await callTool(member, server_id)
    assert.equal(body.status, 'error')
    assert.ok(!JSON.stringify(body).includes('refresh-'))
    assert.equal((await serverOf(member, server_id)).has_credential, true)
    fixture.behaviour.token_status = null
    assert.equal(said(await callTool(member, server_id)), 'you are ann')
    assert.equal(fixture.seen.authorizations.length, 1)
  })
})

Deno.test('a refresh token that is no longer good is forgotten, and a person is asked', async () => {
  await withFixture({}, async (fixture, server_id) => {
    await signInTeam(server_id)
    fixture.books.endAccess()
    fixture.books.refresh.clear()
    const { body } = await callTool(owner, server_id)
    assert.equal(body.status, 'awaiting_auth')
    assert.equal((await credentialsOf(server_id)).length, 0)
    assert.equal((await serverOf(member, server_id)).has_credential, false)
    assert.equal(renewals(fixture).length, 1)
  })
})

Deno.test('a worker that died while renewing does not stop the others for long', async () => {
  await withFixture({ behaviour: aboutToEnd }, async (fixture, server_id) => {
    await signInTeam(server_id)
    fixture.behaviour.seconds = 3_600
    fixture.seen.tokens.length = 0
    const lease = (ms: number) =>
      stack.asService(`mcp_server_credentials?server_id=eq.${server_id}`, {
        method: 'PATCH',
        body: JSON.stringify({ renewing_until: new Date(Date.now() + ms).toISOString() }),
      })
    await lease(600_000)
    const waits = callTool(member, server_id)
    await begun(server_id, 1)
    assert.equal(fixture.seen.tokens.length, 0)
    await lease(-1)
    assert.equal(said(await waits), 'you are ann')
    assert.equal(renewals(fixture).length, 1)
  })
})

Deno.test('a machine account fetches its token by itself, once for many calls, and a new one when it is refused', async () => {
  const machine = { client_id: 'machine-1', client_secret: 'machine-secret-1', machine: true }
  await withFixture({}, async (fixture, server_id) => {
    fixture.books.clients.set(machine.client_id, { ...machine, redirect_uris: [] })
    const { client_id, client_secret } = machine
    const credential = { credential_type: 'client_credentials', client_id, client_secret }
    await owner.call('set_credential', { server_id, credential: { ...credential, scope: 'read' } })
    const synced = await owner.call('sync_tools', { server_id })
    assert.equal(synced.body.tools_synced, 3, JSON.stringify(synced.body))
    await owner.rest(`mcp_tools?server_id=eq.${server_id}`, {
      method: 'PATCH',
      body: JSON.stringify({ policy: 'allow' }),
    })
    const call = () => callTool(member, server_id)
    for (const answer of await Promise.all(Array.from({ length: 20 }, call))) {
      assert.equal(said(answer), 'you are machine-1')
    }
    assert.equal(fixture.seen.tokens.length, 1)
    assert.equal(fixture.seen.tokens[0]!.get('resource'), fixture.url)
    fixture.books.endAccess()
    assert.equal(said(await call()), 'you are machine-1')
    assert.equal(fixture.seen.tokens.length, 2)

    // A server that is never content gets one new token and no more.
    fixture.behaviour.seconds = 0
    fixture.books.endAccess()
    const { body } = await call()
    assert.equal(body.error.code, 'upstream_unauthorized')
    assert.equal(fixture.seen.tokens.length, 3)

    const wrong = { ...credential, client_secret: 'not-the-secret' }
    await owner.call('set_credential', { server_id, credential: wrong })
    const refused = await call()
    assert.equal(refused.body.status, 'error')
    assert.match(refused.body.error.message, /did not accept Astra as its client/)
    assert.ok(!JSON.stringify(refused.body).includes('secret'))
  })
})
