// What becomes of tokens: nobody sees them, they open in their own row only, they end when they should, and
// they are given back.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { until } from '../upstreams/bench.ts'
import {
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
import { addServer, people, stack, stored, syncAndAllow } from './the-stack.ts'

const { owner, member, analyst } = people

Deno.test(promises.tokens_unseen, async () => {
  await withFixture({}, async (fixture, server_id) => {
    await signInTeam(server_id)
    const shown = await callTool(owner, server_id, 'show_token')
    assert.equal(said(shown), 'your token is [redacted]')
    fixture.books.endAccess()
    fixture.behaviour.token_status = 500
    await callTool(owner, server_id)
    fixture.behaviour.token_status = null
    fixture.books.refresh.clear()
    await callTool(owner, server_id)
    const { body } = await connect(owner, server_id)
    const back = new URL(await consent(body.authorization_url))
    back.searchParams.set('code', 'code-that-is-wrong')
    assert.equal((await comeBack(back.href)).error, 'grant_refused')

    const secrets = fixture.seen.tokens.flatMap((form) =>
      ['code', 'code_verifier', 'refresh_token', 'client_secret'].map((name) => form.get(name))
    ).concat(fixture.seen.calls.map(({ token }) => token))
      .concat([...fixture.books.clients.values()].map(({ client_secret }) => client_secret ?? null))
      .filter((secret) => secret !== null)
    assert.ok(secrets.length >= 6)
    const tables = ['mcp_servers', 'mcp_server_credentials', 'mcp_oauth_clients', 'mcp_oauth_flows']
    const rows = await Promise.all(
      tables.map(async (table) => (await stack.asService(`${table}?select=*`)).body),
    )
    const everywhere = JSON.stringify([
      shown.body,
      await stored(shown.body.execution_id),
      rows,
      (await owner.call('list_servers')).body,
      await Deno.readTextFile(`${stack.folder}/logs/function.log`),
      await Deno.readTextFile(`${stack.folder}/logs/stack.log`),
    ])
    for (const secret of secrets) assert.ok(!everywhere.includes(secret), secret.slice(0, 12))
    assert.ok(!everywhere.includes('words-of-a-stranger'))
    assert.ok(!everywhere.includes('trouble with'))
  })
})

Deno.test('one person’s sealed token does not open as another’s, nor as the team’s', async () => {
  await withFixture({ server: { account: 'person' } }, async (fixture, server_id) => {
    await signIn(owner, server_id)
    await syncAndAllow(server_id)
    await signIn(member, server_id)
    await signIn(analyst, server_id)
    const own = ({ user_id }: { user_id: string }) =>
      `mcp_server_credentials?server_id=eq.${server_id}&user_id=eq.${user_id}`
    const { body: [mine] } = await stack.asService(own(member))
    const put = (path: string) =>
      stack.asService(path, {
        method: 'PATCH',
        body: JSON.stringify({ encrypted_value: mine.encrypted_value }),
      })
    await put(own(analyst))
    const { body } = await callTool(analyst, server_id)
    assert.equal(body.error.code, 'credential_unreadable')
    assert.equal(said(await callTool(member, server_id)), 'you are ann')
    await signIn(owner, server_id, { account: 'team' })
    await put(`mcp_server_credentials?server_id=eq.${server_id}&user_id=is.null`)
    await owner.call('update_server', { server_id, account: 'team' })
    const teams = await callTool(member, server_id)
    assert.equal(teams.body.error.code, 'credential_unreadable')
    assert.equal(fixture.seen.calls.length, 1)
  })
})

Deno.test(promises.tokens_given_back, async () => {
  await withFixture({ server: { account: 'person' } }, async (fixture, server_id) => {
    await signIn(owner, server_id, { account: 'team' })
    await signIn(member, server_id)
    await signIn(analyst, server_id)
    const held = [...fixture.books.refresh.keys()]
    assert.equal(held.length, 3)
    await analyst.call('set_credential', { server_id, credential: null, account: 'person' })
    await until(() => fixture.seen.revoked.length === 1)
    assert.equal((await owner.call('remove_server', { server_id })).status, 200)
    await until(() => fixture.seen.revoked.length === 3)
    assert.deepEqual([...fixture.seen.revoked].sort(), held.sort())
    assert.equal(fixture.books.access.size, 0)
    for (const table of ['mcp_server_credentials', 'mcp_oauth_clients', 'mcp_oauth_flows']) {
      const { body } = await stack.asService(`${table}?server_id=eq.${server_id}`)
      assert.deepEqual(body, [], table)
    }
  })
})

Deno.test('a server is removed whether or not its authorization server is there', async () => {
  await withFixture(
    { behaviour: { metadata: { revocation_endpoint: 'http://10.0.0.1/revoke' } } },
    async (_, server_id) => {
      await signIn(owner, server_id, { account: 'team' })
      const began = performance.now()
      assert.equal((await owner.call('remove_server', { server_id })).status, 200)
      assert.ok(performance.now() - began < 1_000)
    },
  )
})

Deno.test('a server that moves keeps nobody’s own credential', async () => {
  await withFixture({ server: { account: 'person' } }, async (fixture, server_id) => {
    await signIn(member, server_id)
    const config = { url: 'https://example.com/mcp' }
    const moved = await owner.call('update_server', { server_id, config })
    assert.equal(moved.status, 200)
    assert.equal((await serverOf(member, server_id)).connected, false)
    assert.deepEqual(await credentialsOf(server_id), [])
    await until(() => fixture.seen.revoked.length === 1)
  })
})

Deno.test('it is known when a credential ends, unless it renews itself', async () => {
  const ends = async (server_id: string) =>
    (await serverOf(member, server_id)).credential_expires_at
  const near = (shown: string, ms: number) => Math.abs(Date.parse(shown) - Date.now() - ms) < 60_000
  await withFixture({ behaviour: { refresh: false, seconds: 7_200 } }, async (_, server_id) => {
    await signIn(owner, server_id, { account: 'team' })
    assert.ok(near(await ends(server_id), 7_200_000))
  })
  await withFixture({}, async (_, server_id) => {
    await signIn(owner, server_id, { account: 'team' })
    assert.equal(await ends(server_id), null)
  })
  const exp = Math.floor(Date.now() / 1_000) + 3_600
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('=', '')
  const jwt = `${part({ alg: 'none' })}.${part({ exp })}.x`
  const credential = { credential_type: 'oauth_token', value: jwt }
  const server_id = await addServer('https://example.com/mcp', { credential })
  assert.ok(near(await ends(server_id), 3_600_000))
  const expires_at = '2031-02-03T04:05:06Z'
  await owner.call('set_credential', { server_id, credential: { ...credential, expires_at } })
  assert.equal(Date.parse(await ends(server_id)), Date.parse(expires_at))
  const never = { credential_type: 'api_key', header: 'X-Key', value: 'a-plain-key' }
  await owner.call('set_credential', { server_id, credential: never })
  assert.equal(await ends(server_id), null)
  const bad = { ...never, expires_at: 'next spring' }
  const refused = await owner.call('set_credential', { server_id, credential: bad })
  assert.equal(refused.status, 400)
  assert.equal(refused.body.error.details[0].path, 'credential.expires_at')
  await owner.call('remove_server', { server_id })
})

Deno.test('an ended token without a way to renew it asks its person, and is not sent', async () => {
  await withFixture({ behaviour: { refresh: false } }, async (fixture, server_id) => {
    await signInTeam(server_id)
    fixture.behaviour.seconds = 0
    await signIn(owner, server_id, { account: 'team' })
    const before = fixture.seen.calls.length
    const { body } = await callTool(owner, server_id)
    assert.equal(body.status, 'awaiting_auth')
    assert.equal(fixture.seen.calls.length, before)
  })
})
