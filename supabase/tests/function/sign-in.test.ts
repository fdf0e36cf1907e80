// Signing in at servers, all the way: a real authorization server, the running function, a browser's steps.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { until } from '../upstreams/bench.ts'
import {
  callbackUrl,
  callTool,
  comeBack,
  connect,
  consent,
  credentialsOf,
  said,
  serverOf,
  signIn,
  signInTeam,
  withFixture,
} from './sign-in-steps.ts'
import { people, stack, stored, syncAndAllow } from './the-stack.ts'

const { owner, admin, member, analyst } = people

for (const discovery of ['oauth', 'oidc'] as const) {
  Deno.test(`an admin signs the team in, members call (${discovery} discovery)`, async () => {
    // Older servers neither promise nor send `iss`.
    const iss = discovery === 'oauth' ? 'right' : 'absent'
    await withFixture({ behaviour: { discovery, iss } }, async (fixture, server_id) => {
      const return_to = `/settings/servers/${server_id}?tab=tools`
      const back = await signIn(owner, server_id, { account: 'team', return_to })
      assert.equal(back.status, 303)
      assert.equal(back.way!.origin, stack.url)
      assert.equal(back.way!.pathname, `/settings/servers/${server_id}`)
      assert.equal(back.way!.searchParams.get('tab'), 'tools')
      assert.equal(back.headers.get('referrer-policy'), 'no-referrer')
      assert.equal(back.headers.get('cache-control'), 'no-store')

      await syncAndAllow(server_id)
      assert.equal(said(await callTool(member, server_id)), 'you are ann')
      const shown = await serverOf(member, server_id)
      assert.equal(shown.credential_type, 'oauth')
      assert.equal(shown.connected, false)
      assert.equal(shown.credential_expires_at, null)
      const [asked] = fixture.seen.authorizations
      assert.equal(asked!.get('resource'), fixture.url)
      assert.equal(asked!.get('scope'), 'read')
      assert.equal(asked!.get('redirect_uri'), callbackUrl)
      assert.equal(asked!.get('code_challenge_method'), 'S256')
      assert.match(asked!.get('state')!, /^[\w-]{43}$/)
    })
  })
}

Deno.test(promises.accounts_apart, async () => {
  await withFixture({ server: { account: 'person' } }, async (fixture, server_id) => {
    await signIn(owner, server_id)
    await syncAndAllow(server_id)
    fixture.behaviour.user = 'mia'
    await signIn(member, server_id)
    fixture.behaviour.user = 'aron'
    await signIn(analyst, server_id)

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) => callTool(at % 2 ? member : analyst, server_id)),
    )
    answers.forEach((answer, at) =>
      assert.equal(said(answer), `you are ${at % 2 ? 'mia' : 'aron'}`)
    )
    const tokens = (user: string) =>
      new Set(fixture.seen.calls.filter((call) => call.user === user).map(({ token }) => token))
    assert.equal(tokens('mia').size, 1)
    assert.equal(tokens('aron').size, 1)
    assert.equal((await serverOf(member, server_id)).connected, true)
    assert.equal((await serverOf(admin, server_id)).connected, false)
  })
})

Deno.test('a call that lacks its person’s account waits with a link, and goes on when they have signed in', async () => {
  await withFixture({ server: { account: 'person' } }, async (fixture, server_id) => {
    await signIn(owner, server_id)
    await syncAndAllow(server_id)
    fixture.behaviour.user = 'mia'
    const { body } = await callTool(member, server_id)
    assert.equal(body.status, 'awaiting_auth')
    assert.equal(new URL(body.authorization_url).origin, fixture.issuer)
    await comeBack(await consent(body.authorization_url))
    await until(() => fixture.seen.calls.length === 1)
    await untilEnded(body.execution_id)
    const row = await stored(body.execution_id)
    assert.equal(row.status, 'success')
    assert.equal(row.output_result.content[0].text, 'you are mia')
  })
})

async function untilEnded(execution_id: string): Promise<void> {
  const deadline = Date.now() + 5_000
  while ((await stored(execution_id)).completed_at === null) {
    assert.ok(Date.now() < deadline, 'it did not end in time')
  }
}

Deno.test('a member gets no link to the team’s account', async () => {
  await withFixture({}, async (fixture, server_id) => {
    await signInTeam(server_id)
    fixture.books.access.clear()
    fixture.books.refresh.clear()
    const { body } = await callTool(member, server_id)
    assert.equal(body.status, 'awaiting_auth')
    assert.equal(body.authorization_url, undefined)
    const asked = await connect(member, server_id, { account: 'team' })
    assert.equal(asked.status, 403)
    const theirs = await callTool(admin, server_id)
    assert.equal(new URL(theirs.body.authorization_url).origin, fixture.issuer)
  })
})

Deno.test('nobody signs in for themselves where only the team’s account is used', async () => {
  await withFixture({}, async (_fixture, server_id) => {
    assert.equal((await connect(member, server_id, { account: 'person' })).status, 409)
    const credential = { credential_type: 'oauth_token', value: 'a-key-of-my-own' }
    const kept = await member.call('set_credential', { server_id, credential, account: 'person' })
    assert.equal(kept.status, 409)
    await owner.call('update_server', { server_id, account: 'person' })
    assert.equal((await connect(member, server_id)).status, 200)
    const now = await member.call('set_credential', { server_id, credential, account: 'person' })
    assert.equal(now.status, 200)
    assert.equal(now.body.server.connected, true)
    assert.equal(now.body.server.has_credential, false)
    const team = await member.call('set_credential', { server_id, credential })
    assert.equal(team.status, 403)
  })
})

Deno.test('a tool that wants more asks for the scopes held and the new one', async () => {
  await withFixture({}, async (fixture, server_id) => {
    await signInTeam(server_id)
    const { body } = await callTool(owner, server_id, 'change')
    assert.equal(body.status, 'awaiting_auth')
    const scope = new URL(body.authorization_url).searchParams.get('scope')
    assert.deepEqual(scope!.split(' ').sort(), ['read', 'write'])
    await comeBack(await consent(body.authorization_url))
    await untilEnded(body.execution_id)
    assert.equal((await stored(body.execution_id)).status, 'success')
    assert.equal(fixture.seen.authorizations.length, 2)
  })
})

Deno.test('a server that is never content with a scope it was given ends the call', async () => {
  await withFixture({ behaviour: { never_enough: true } }, async (fixture, server_id) => {
    await signInTeam(server_id)
    const { body } = await callTool(owner, server_id, 'change')
    assert.equal(body.status, 'awaiting_auth')
    await comeBack(await consent(body.authorization_url))
    await untilEnded(body.execution_id)
    assert.equal((await stored(body.execution_id)).error_code, 'upstream_unauthorized')
    assert.equal(fixture.seen.authorizations.length, 2)
  })
})

Deno.test('metadata that only the refusal names is found', async () => {
  await withFixture({ behaviour: { well_known: false } }, async (_fixture, server_id) => {
    await signInTeam(server_id)
    assert.equal(said(await callTool(member, server_id)), 'you are ann')
  })
})

Deno.test('Astra registers once per issuer, with its callback alone', async () => {
  await withFixture({}, async (fixture, server_id) => {
    await signIn(owner, server_id, { account: 'team' })
    await signIn(admin, server_id, { account: 'team' })
    assert.equal(fixture.seen.registrations.length, 1)
    const [asked] = fixture.seen.registrations
    assert.deepEqual(asked!.redirect_uris, [callbackUrl])
    assert.equal(asked!.client_name, 'Astra')
  })
})

Deno.test('a client that an admin gives is the one that is used, and only at the first issuer it meets', async () => {
  await withFixture({ behaviour: { registers: false } }, async (fixture, server_id) => {
    const none = await connect(owner, server_id)
    assert.equal(none.status, 409)
    assert.equal(none.body.error.details.reason, 'client_needed')
    const client = { client_id: 'given-client', client_secret: 'given-secret-1' }
    fixture.books.clients.set(client.client_id, { ...client, redirect_uris: [callbackUrl] })
    const given = await owner.call('set_oauth_client', {
      server_id,
      oauth_client: { ...client, scope: 'read extra' },
    })
    assert.equal(given.status, 200)
    assert.ok(!JSON.stringify(given.body).includes(client.client_secret))
    await signInTeam(server_id)
    assert.equal(said(await callTool(member, server_id)), 'you are ann')
    assert.equal(fixture.seen.registrations.length, 0)
    assert.equal(fixture.seen.authorizations[0]!.get('scope'), 'read extra')

    const { body: [row] } = await stack.asService(`mcp_oauth_clients?server_id=eq.${server_id}`)
    assert.equal(row.issuer, fixture.issuer)
    assert.ok(!row.encrypted_value.includes('given'))
    // The server now names another authorization server: the secret does not go there.
    await withFixture({}, async (other) => {
      fixture.behaviour.resource_metadata = { authorization_servers: [other.issuer] }
      const moved = await connect(owner, server_id)
      assert.equal(moved.body.error.details.reason, 'wrong_issuer')
      assert.equal(other.seen.authorizations.length, 0)
    })
  })
})

Deno.test('a server without a sign-in says so, and a wrong one is not called a success', async () => {
  await withFixture({}, async (fixture, server_id) => {
    fixture.behaviour.resource_metadata = { authorization_servers: ['http://127.0.0.1:9'] }
    const { status, body } = await connect(owner, server_id)
    assert.equal(status, 503)
    assert.equal(body.error.details.reason, 'unreachable')
    assert.equal((await credentialsOf(server_id)).length, 0)
  })
})
