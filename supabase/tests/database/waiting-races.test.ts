// Two connections at the very moment where a call goes on, is cancelled or is given up, and where a
// token is renewed or an account connected: one of them acts, the other one sees it.
import assert from 'node:assert/strict'
import { begin, executionsOf, expireLease, reap } from './calls.ts'
import { collide, valueOf } from './collide.ts'
import { assume, type Ground, onPostgres } from './ground.ts'
import { createMember, createOffice, keepCredential, type Office } from './people.ts'
import { claimOn, keepAccountOn, SERVER_URL } from './sign-ins.ts'
import {
  cancel,
  resume,
  resumeOn,
  suspend,
  suspendForAccount,
  type Waiting,
  watch,
} from './waits.ts'

const answer = (word: string) => ({ encrypted_value: word, key_version: 1 })

async function waiting(ground: Ground, given: Waiting = {}) {
  const office = await createOffice(ground)
  const run = await begin(ground, office)
  await suspend(ground, run, given)
  const mine = { execution_id: run.execution_id!, user_id: office.member.sub }
  return { office, mine, execution_id: run.execution_id! }
}

async function statusOf(ground: Ground, office: Office): Promise<string> {
  return (await executionsOf(ground, office.team_id))[0]!.status
}

onPostgres('of two answers at once, one lets the call go on', async (ground) => {
  const { office, mine } = await waiting(ground)
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      assert.equal((await resumeOn(run, mine)).verdict, 'run')
    },
    second: () => resume(ground, mine),
  })
  assert.equal(valueOf(outcome).reason, 'not_waiting')
  assert.equal(await statusOf(ground, office), 'running')
})

onPostgres('an answer whose rival came to nothing lets the call go on', async (ground) => {
  const { mine } = await waiting(ground)
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      await resumeOn(run, mine)
    },
    second: () => resume(ground, mine),
    undo: true,
  })
  assert.equal(valueOf(outcome).verdict, 'run')
})

onPostgres('of two answers to a held call, the first is the one', async (ground) => {
  const { mine, execution_id } = await waiting(ground, { held: true })
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      await resumeOn(run, { ...mine, answer: answer('first') })
    },
    second: () => resume(ground, { ...mine, answer: answer('second') }),
  })
  assert.equal(valueOf(outcome).reason, 'not_waiting')
  assert.deepEqual((await watch(ground, execution_id))!.answer, answer('first'))
})

onPostgres('fifty answers at the same moment: one runs', async (ground) => {
  const { office, mine } = await waiting(ground)
  const all = await Promise.all(Array.from({ length: 50 }, () => resume(ground, mine)))
  assert.equal(all.filter(({ verdict }) => verdict === 'run').length, 1)
  assert.equal(all.filter(({ reason }) => reason === 'not_waiting').length, 49)
  assert.equal(await statusOf(ground, office), 'running')
})

onPostgres(
  'an answer that comes while the call is cancelled lets nothing go on',
  async (ground) => {
    const { office, mine, execution_id } = await waiting(ground)
    const outcome = await collide(ground, {
      first: async (run) => {
        await assume(run, 'service_role')
        await run('select public.cancel_execution($1, $2)', [execution_id, mine.user_id])
      },
      second: () => resume(ground, mine),
    })
    assert.equal(valueOf(outcome).reason, 'not_waiting')
    assert.equal(await statusOf(ground, office), 'cancelled')
  },
)

onPostgres('cancelling a call that is just going on tells its worker', async (ground) => {
  const { office, mine, execution_id } = await waiting(ground)
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      assert.equal((await resumeOn(run, mine)).verdict, 'run')
    },
    second: () => cancel(ground, execution_id, mine.user_id),
  })
  assert.equal(valueOf(outcome), true)
  assert.equal(await statusOf(ground, office), 'running')
  assert.equal((await watch(ground, execution_id))!.over, true)
})

onPostgres('the reaper passes by what is just being cancelled', async (ground) => {
  await reap(ground)
  const { office, mine, execution_id } = await waiting(ground)
  await expireLease(ground, execution_id)
  await ground.transaction(async (run) => {
    await assume(run, 'service_role')
    await run('select public.cancel_execution($1, $2)', [execution_id, mine.user_id])
    assert.equal(await reap(ground), 0)
  })
  assert.equal(await statusOf(ground, office), 'cancelled')
  assert.equal(await reap(ground), 0)
})

onPostgres('a sign-in twice at once lets each waiting call go on once', async (ground) => {
  const office = await createOffice(ground)
  const runs = await Promise.all(Array.from({ length: 10 }, () => begin(ground, office)))
  for (const run of runs) await suspendForAccount(ground, run, 'team')
  const status = 'awaiting_auth'
  const going = await Promise.all(
    runs.flatMap(({ execution_id }) =>
      [1, 2].map(() => resume(ground, { execution_id: execution_id!, user_id: null, status }))
    ),
  )
  assert.equal(going.filter(({ verdict }) => verdict === 'run').length, 10)
  assert.equal(going.filter(({ reason }) => reason === 'not_waiting').length, 10)
})

onPostgres('of two workers who claim a renewal at once, one gets it', async (ground) => {
  const { team_id, server_id } = await createOffice(ground)
  const place = { team_id, server_id, user_id: null }
  const token = 'c2VhbGVk'
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      assert.equal((await claimOn(run, place, { token })).claim, 'yours')
    },
    second: () => claimOn(ground.as('service_role'), place, { token }),
  })
  assert.equal(valueOf(outcome).claim, 'taken')
  const all = await Promise.all(
    Array.from({ length: 30 }, () => claimOn(ground.as('service_role'), place, { token })),
  )
  assert.ok(all.every(({ claim }) => claim === 'taken'))
})

onPostgres('thirty workers who claim a renewal at once: one gets it', async (ground) => {
  const { team_id, server_id, member } = await createOffice(ground)
  const place = { team_id, server_id, user_id: member.sub }
  await keepCredential(ground, place, { secret: 'b2xk', credential_type: 'oauth' })
  const all = await Promise.all(
    Array.from({ length: 30 }, () => claimOn(ground.as('service_role'), place, { token: 'b2xk' })),
  )
  assert.equal(all.filter(({ claim }) => claim === 'yours').length, 1)
  assert.equal(all.filter(({ claim }) => claim === 'taken').length, 29)
})

onPostgres('credentials that are kept at once do not stop each other', async (ground) => {
  const { team_id, server_id } = await createOffice(ground)
  const admin = await createMember(ground, team_id, 'admin')
  const place = { team_id, server_id, user_id: null }
  const secrets = Array.from({ length: 12 }, (_, at) => `token ${at}`)
  await Promise.all(
    secrets.map((secret, at) =>
      at % 2 === 0
        ? keepCredential(ground, place, { secret })
        : keepAccountOn(ground.as('service_role'), place, { asker: admin.sub, secret })
    ),
  )
  const rows = await ground.run<{ encrypted_value: string }>(
    'select encrypted_value from public.mcp_server_credentials where server_id = $1',
    [server_id],
  )
  assert.equal(rows.length, 1)
  assert.ok(secrets.includes(rows[0]!.encrypted_value))
})

onPostgres('a token that arrives while its server moves is not kept', async (ground) => {
  const { team_id, server_id, member } = await createOffice(ground)
  const place = { team_id, server_id, user_id: member.sub }
  const outcome = await collide(ground, {
    first: async (run) => {
      await run(`update public.mcp_servers set config = $2 where id = $1`, [
        server_id,
        { url: 'https://moved.test/mcp' },
      ])
    },
    second: () =>
      keepAccountOn(ground.as('service_role'), place, { asker: member.sub, url: SERVER_URL }),
  })
  assert.equal(valueOf(outcome), false)
})

onPostgres('a server that moves while a token arrives leaves the token behind', async (ground) => {
  const { team_id, server_id, member } = await createOffice(ground)
  const place = { team_id, server_id, user_id: member.sub }
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      assert.equal(await keepAccountOn(run, place, { asker: member.sub }), true)
    },
    second: () =>
      ground.as('service_role')('update public.mcp_servers set config = $2 where id = $1', [
        server_id,
        { url: 'https://moved.test/mcp' },
      ]),
  })
  assert.equal(outcome.status, 'fulfilled')
  const own = await ground.run(
    'select 1 from public.mcp_server_credentials where server_id = $1 and user_id is not null',
    [server_id],
  )
  assert.equal(own.length, 0)
})
