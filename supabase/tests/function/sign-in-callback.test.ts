// The callback under attack: whatever comes back to it, only the sign-in that was begun is finished, once.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import {
  callbackUrl,
  comeBack,
  connect,
  consent,
  credentialsOf,
  signIn,
  withFixture,
} from './sign-in-steps.ts'
import { people, stack } from './the-stack.ts'

const { owner, member } = people

async function begin(server_id: string, person = owner): Promise<string> {
  const { body } = await connect(person, server_id)
  return await consent(body.authorization_url)
}

Deno.test(promises.sign_in_once, async () => {
  await withFixture({}, async (fixture, server_id) => {
    const back = await begin(server_id)
    assert.equal((await comeBack(back)).status, 303)
    const again = await comeBack(back)
    assert.equal(again.status, 400)
    assert.equal(again.way, null)
    assert.equal(fixture.seen.tokens.length, 1)
  })
})

Deno.test('fifty browsers at once with one answer finish one sign-in', async () => {
  await withFixture({}, async (fixture, server_id) => {
    const back = await begin(server_id)
    const answers = await Promise.all(Array.from({ length: 50 }, () => comeBack(back)))
    assert.equal(answers.filter(({ status }) => status === 303).length, 1)
    assert.equal(fixture.seen.tokens.length, 1)
  })
})

Deno.test(promises.sign_in_ends, async () => {
  await withFixture({}, async (fixture, server_id) => {
    const back = await begin(server_id)
    await stack.asService(`mcp_oauth_flows?server_id=eq.${server_id}`, {
      method: 'PATCH',
      body: JSON.stringify({ expires_at: new Date(Date.now() - 1_000).toISOString() }),
    })
    assert.equal((await comeBack(back)).status, 400)
    assert.equal(fixture.seen.tokens.length, 0)
  })
})

Deno.test('a state that nobody was given is refused in plain words', async () => {
  await withFixture({}, async (fixture, server_id) => {
    const back = new URL(await begin(server_id))
    const without = new URL(back)
    without.searchParams.delete('state')
    const other = new URL(back)
    other.searchParams.set('state', 'A'.repeat(43))
    const twice = new URL(back)
    twice.searchParams.append('state', back.searchParams.get('state')!)
    const long = new URL(back)
    long.searchParams.set('padding', 'x'.repeat(20_000))
    const strange = new URL(back)
    strange.searchParams.set('state', '../../%00')
    for (const link of [without, other, twice, long, strange, new URL(callbackUrl)]) {
      const answer = await comeBack(link.href)
      assert.equal(answer.status, 400, link.href.slice(0, 200))
      assert.match(answer.headers.get('content-type')!, /^text\/plain/)
      assert.ok(!answer.text.includes('code-'))
    }
    assert.equal(fixture.seen.tokens.length, 0)
    // None of them used it up.
    assert.equal((await comeBack(back.href)).status, 303)
  })
})

Deno.test('a program that only looks at the link does not use it up', async () => {
  await withFixture({}, async (_fixture, server_id) => {
    const back = await begin(server_id)
    assert.equal((await comeBack(back, 'HEAD')).status, 405)
    assert.equal((await comeBack(back)).status, 303)
  })
})

Deno.test('a state is kept only as its hash, and what belongs to it is sealed', async () => {
  await withFixture({}, async (_fixture, server_id) => {
    const state = new URL(await begin(server_id)).searchParams.get('state')!
    const { body } = await stack.asService(`mcp_oauth_flows?server_id=eq.${server_id}`)
    assert.equal(body.length, 1)
    assert.ok(!JSON.stringify(body).includes(state))
    for (const table of ['mcp_oauth_flows', 'mcp_oauth_clients']) {
      for (const person of Object.values(people)) {
        const { status } = await person.rest(`${table}?select=*`)
        assert.ok(status === 401 || status === 403, `${person.email} ${table}: ${status}`)
      }
    }
  })
})

Deno.test('a sealed sign-in opens only under its own state', async () => {
  await withFixture({}, async (fixture, server_id) => {
    const [one, two] = [await begin(server_id), await begin(server_id, people.admin)]
    const flows = `mcp_oauth_flows?server_id=eq.${server_id}`
    const { body: [first, second] } = await stack.asService(`${flows}&order=created_at`)
    await stack.asService(`${flows}&state_hash=eq.${second.state_hash}`, {
      method: 'PATCH',
      body: JSON.stringify({ encrypted_value: first.encrypted_value }),
    })
    assert.equal((await comeBack(two!)).status, 400)
    assert.equal(fixture.seen.tokens.length, 0)
    assert.equal((await comeBack(one!)).status, 303)
  })
})

Deno.test(promises.wrong_issuer_stops, async () => {
  for (const iss of ['https://evil.example', 'absent', 'slash']) {
    await withFixture({}, async (fixture, server_id) => {
      const back = new URL(await begin(server_id))
      if (iss === 'absent') back.searchParams.delete('iss')
      else back.searchParams.set('iss', iss === 'slash' ? `${fixture.issuer}/` : iss)
      back.searchParams.set('error_description', 'words-of-a-stranger')
      const answer = await comeBack(back.href)
      assert.equal(answer.error, 'wrong_issuer', iss)
      assert.ok(!answer.way!.href.includes('stranger') && !answer.way!.href.includes('evil'))
      assert.equal(fixture.seen.tokens.length, 0)
      assert.equal((await credentialsOf(server_id)).length, 0)
    })
  }
})

Deno.test('a person who declines comes back to the app, and nothing is kept', async () => {
  await withFixture({ behaviour: { denies: true } }, async (_fixture, server_id) => {
    const answer = await comeBack(await begin(server_id))
    assert.equal(answer.status, 303)
    assert.equal(answer.error, 'declined')
    assert.ok(!answer.way!.href.includes('stranger'))
    assert.equal((await credentialsOf(server_id)).length, 0)
  })
})

Deno.test('a code that comes twice, or not at all, is exchanged for nothing', async () => {
  await withFixture({}, async (fixture, server_id) => {
    const twice = new URL(await begin(server_id))
    twice.searchParams.append('code', 'code-of-another')
    assert.equal((await comeBack(twice.href)).error, 'protocol')
    const without = new URL(await begin(server_id))
    without.searchParams.delete('code')
    assert.equal((await comeBack(without.href)).error, 'protocol')
    assert.equal(fixture.seen.tokens.length, 0)
    const wrong = new URL(await begin(server_id))
    wrong.searchParams.set('code', 'code-of-another')
    assert.equal((await comeBack(wrong.href)).error, 'grant_refused')
    assert.equal(fixture.seen.tokens.length, 1)
  })
})

Deno.test(promises.sign_in_of_its_person, async () => {
  await withFixture({ server: { account: 'person' } }, async (fixture, server_id) => {
    const { owner: boss } = people
    const leaver = await stack.signUp(`leaver-${crypto.randomUUID().slice(0, 8)}@acme.test`)
    const membership = {
      team_id: stack.teams.Acme,
      user_id: leaver.user_id,
      role: 'admin',
    }
    await stack.asService('team_members', { method: 'POST', body: JSON.stringify(membership) })
    const team_id = stack.teams.Acme
    const mine = await connect(leaver, server_id, { team_id })
    const teams = await connect(leaver, server_id, { team_id, account: 'team' })
    const [own, all] = [
      await consent(mine.body.authorization_url),
      await consent(teams.body.authorization_url),
    ]
    const row = `team_members?team_id=eq.${team_id}&user_id=eq.${leaver.user_id}`
    await stack.asService(row, { method: 'PATCH', body: JSON.stringify({ role: 'member' }) })
    assert.equal((await comeBack(all!)).error, 'not_allowed')
    await stack.asService(row, { method: 'DELETE' })
    assert.equal((await comeBack(own!)).status, 400)
    assert.equal(fixture.seen.tokens.length, 0)
    assert.equal((await boss.call('list_servers')).status, 200)
  })
})

Deno.test('a server that moves during a sign-in gets no token', async () => {
  await withFixture({}, async (fixture, server_id) => {
    const back = await begin(server_id)
    const config = { url: `${fixture.url}?v=2` }
    await owner.call('update_server', { server_id, config })
    assert.equal((await comeBack(back)).error, 'server_changed')
    const other = await begin(server_id)
    await owner.call('update_server', { server_id, config: { url: 'https://example.com/mcp' } })
    assert.equal((await comeBack(other)).status, 400)
    assert.equal((await credentialsOf(server_id)).length, 0)
  })
})

Deno.test('the way back leads to our own app, whatever was asked for', async () => {
  await withFixture({}, async (_fixture, server_id) => {
    for (const return_to of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      const { status } = await connect(owner, server_id, { return_to })
      assert.equal(status, 400, return_to)
    }
    for (
      const return_to of ['/\t/evil.example', '/..//evil.example', '/chat?next=//evil.example']
    ) {
      const back = await signIn(owner, server_id, { return_to })
      assert.equal(back.way!.origin, stack.url, return_to)
    }
  })
})

Deno.test('a stranger’s sign-in at another team’s server does not begin', async () => {
  await withFixture({}, async (_fixture, server_id) => {
    assert.equal((await connect(people.stranger, server_id)).status, 404)
    const { status } = await member.call('set_oauth_client', {
      server_id,
      oauth_client: { client_id: 'mine' },
    })
    assert.equal(status, 403)
  })
})
