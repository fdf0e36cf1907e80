// Teams keep an owner, roles move only downwards, and invitations reach only who they were meant for.
import assert from 'node:assert/strict'
import type { Role } from '../../../shared/team.ts'
import { type Ground, type Identity, onBoth } from './ground.ts'
import { createMember, createPerson, createTeam, join } from './people.ts'

async function rolesIn(ground: Ground, team_id: string): Promise<Record<string, Role>> {
  const rows = await ground.run<{ user_id: string; role: Role }>(
    'select user_id, role from public.team_members where team_id = $1',
    [team_id],
  )
  return Object.fromEntries(rows.map(({ user_id, role }) => [user_id, role]))
}

/** How many members a change reached; a policy that says no reaches none or throws 42501. */
async function setRole(
  ground: Ground,
  who: Identity,
  change: { team_id: string; sub: string; role: Role },
): Promise<number> {
  const rows = await ground.as(who)(
    'update public.team_members set role = $3 where team_id = $1 and user_id = $2 returning role',
    [change.team_id, change.sub, change.role],
  )
  return rows.length
}

async function remove(ground: Ground, who: Identity, member: { team_id: string; sub: string }) {
  const rows = await ground.as(who)(
    'delete from public.team_members where team_id = $1 and user_id = $2 returning role',
    [member.team_id, member.sub],
  )
  return rows.length
}

async function invite(
  ground: Ground,
  who: Identity,
  given: { team_id: string; email: string; role?: string },
): Promise<string> {
  const [row] = await ground.as(who)<{ id: string }>(
    'select public.invite_member($1, $2, $3) as id',
    [given.team_id, given.email, given.role ?? 'member'],
  )
  return row!.id
}

async function accept(ground: Ground, who: Identity): Promise<number> {
  const [row] = await ground.as(who)<{ joined: number }>(
    'select public.accept_invitations() as joined',
  )
  return row!.joined
}

onBoth('who founds a team owns it', async (ground) => {
  const person = await createPerson(ground)
  const [made] = await ground.as(person)<{ id: string }>(
    `select public.create_team('  Initech ') as id`,
  )
  assert.deepEqual(await rolesIn(ground, made!.id), { [person.sub]: 'owner' })
  const [team] = await ground.as(person)<{ name: string }>('select name from public.teams')
  assert.equal(team!.name, 'Initech')
  for (const name of ['', '   ', 'x'.repeat(81)]) {
    await assert.rejects(
      ground.as(person)('select public.create_team($1)', [name]),
      { code: 'PT400' },
    )
  }
  await assert.rejects(ground.as('anon')(`select public.create_team('x')`), { code: '42501' })
})

onBoth('the last owner can neither leave nor step down, until there is another', async (ground) => {
  const team_id = await createTeam(ground)
  const owner = await createMember(ground, team_id, 'owner')
  const second = await createMember(ground, team_id, 'admin')
  const refusal = /A team keeps at least one owner/
  await assert.rejects(setRole(ground, owner, { team_id, sub: owner.sub, role: 'admin' }), refusal)
  await assert.rejects(remove(ground, owner, { team_id, sub: owner.sub }), refusal)
  assert.equal(await setRole(ground, owner, { team_id, sub: second.sub, role: 'owner' }), 1)
  assert.equal(await remove(ground, owner, { team_id, sub: owner.sub }), 1)
  assert.deepEqual(await rolesIn(ground, team_id), { [second.sub]: 'owner' })
})

onBoth('two owners who demote or remove each other at once leave one', async (ground) => {
  for (let round = 0; round < 20; round++) {
    const team_id = await createTeam(ground)
    const one = await createMember(ground, team_id, 'owner')
    const two = await createMember(ground, team_id, 'owner')
    const outcomes = await Promise.allSettled([
      setRole(ground, one, { team_id, sub: two.sub, role: 'member' }),
      round % 2
        ? remove(ground, two, { team_id, sub: one.sub })
        : setRole(ground, two, { team_id, sub: one.sub, role: 'member' }),
    ])
    const owners = Object.values(await rolesIn(ground, team_id)).filter((role) => role === 'owner')
    assert.equal(owners.length, 1, JSON.stringify(outcomes))
  }
})

onBoth('an admin gives and takes only the roles below their own', async (ground) => {
  const team_id = await createTeam(ground)
  const owner = await createMember(ground, team_id, 'owner')
  const admin = await createMember(ground, team_id, 'admin')
  const peer = await createMember(ground, team_id, 'admin')
  const member = await createMember(ground, team_id)
  assert.equal(await setRole(ground, admin, { team_id, sub: member.sub, role: 'analyst' }), 1)
  for (const role of ['admin', 'owner'] as const) {
    await assert.rejects(
      setRole(ground, admin, { team_id, sub: member.sub, role }),
      { code: '42501' },
      role,
    )
    assert.equal(await setRole(ground, admin, { team_id, sub: admin.sub, role }), 0)
  }
  for (const { sub } of [owner, peer]) {
    assert.equal(await setRole(ground, admin, { team_id, sub, role: 'member' }), 0)
    assert.equal(await remove(ground, admin, { team_id, sub }), 0)
  }
  assert.equal(await remove(ground, admin, { team_id, sub: member.sub }), 1)
})

onBoth('members and analysts raise nobody, least of all themselves', async (ground) => {
  const team_id = await createTeam(ground)
  const member = await createMember(ground, team_id)
  const analyst = await createMember(ground, team_id, 'analyst')
  for (const who of [member, analyst]) {
    for (const { sub } of [member, analyst]) {
      assert.equal(await setRole(ground, who, { team_id, sub, role: 'owner' }), 0)
    }
  }
  assert.equal(await remove(ground, member, { team_id, sub: member.sub }), 1)
})

onBoth('an invitation joins whoever confirmed its address, in any case, once', async (ground) => {
  const team_id = await createTeam(ground)
  const admin = await createMember(ground, team_id, 'admin')
  const invited = await createPerson(ground)
  await invite(ground, admin, {
    team_id,
    email: ` ${invited.email.toUpperCase()}`,
    role: 'analyst',
  })
  assert.equal(await accept(ground, await createPerson(ground)), 0)
  assert.equal(await accept(ground, invited), 1)
  assert.equal((await rolesIn(ground, team_id))[invited.sub], 'analyst')
  await remove(ground, admin, { team_id, sub: invited.sub })
  assert.equal(await accept(ground, invited), 0)
})

onBoth('an address that nobody confirmed joins nothing', async (ground) => {
  const team_id = await createTeam(ground)
  const admin = await createMember(ground, team_id, 'admin')
  const imposter = await createPerson(ground, { confirmed: false })
  await invite(ground, admin, { team_id, email: imposter.email })
  assert.equal(await accept(ground, imposter), 0)
  assert.equal(await accept(ground, { ...imposter, claims: { email_verified: true } }), 0)
  assert.equal(imposter.sub in await rolesIn(ground, team_id), false)
})

onBoth('an expired invitation joins nothing, an invitation renewed does', async (ground) => {
  const team_id = await createTeam(ground)
  const admin = await createMember(ground, team_id, 'admin')
  const late = await createPerson(ground)
  const id = await invite(ground, admin, { team_id, email: late.email })
  const expire =
    `update public.team_invitations set expires_at = now() - interval '1 second' where id = $1`
  await ground.run(expire, [id])
  assert.equal(await invite(ground, admin, { team_id, email: late.email }), id)
  await ground.run(expire, [id])
  assert.equal(await accept(ground, late), 0)
  await invite(ground, admin, { team_id, email: late.email })
  assert.equal(await accept(ground, late), 1)
})

onBoth('an invitation does not change the role of who is in already', async (ground) => {
  const team_id = await createTeam(ground)
  const admin = await createMember(ground, team_id, 'admin')
  const owner = await createMember(ground, team_id, 'owner')
  await invite(ground, admin, { team_id, email: owner.email })
  assert.equal(await accept(ground, owner), 0)
  assert.equal((await rolesIn(ground, team_id))[owner.sub], 'owner')
})

onBoth('only admins invite, only to their own team, never an owner', async (ground) => {
  const team_id = await createTeam(ground)
  const admin = await createMember(ground, team_id, 'admin')
  const member = await createMember(ground, team_id)
  const rival = await createMember(ground, await createTeam(ground), 'owner')
  const email = 'friend@people.test'
  for (const who of [member, rival, 'anon'] as const) {
    await assert.rejects(invite(ground, who, { team_id, email }), { code: '42501' })
  }
  await assert.rejects(invite(ground, admin, { team_id, email, role: 'owner' }), { code: 'PT400' })
  await assert.rejects(invite(ground, admin, { team_id, email: 'nobody' }), { code: 'PT400' })
})

onBoth('a profile follows its user, and team mates see no more of it than that', async (ground) => {
  const team_id = await createTeam(ground)
  const person = await createPerson(ground, {
    email: `Mixed.${crypto.randomUUID()}@People.test`,
    metadata: { full_name: 'n'.repeat(500), phone: '555' },
  })
  await join(ground, team_id, { sub: person.sub, role: 'member' })
  const mate = await createMember(ground, team_id)
  const [seen] = await ground.as(mate)('select * from public.profiles where id = $1', [person.sub])
  assert.deepEqual({ ...seen }, {
    id: person.sub,
    email: person.email.toLowerCase(),
    full_name: 'n'.repeat(120),
  })
  await assert.rejects(
    ground.as(person)('update public.profiles set full_name = $1', ['n'.repeat(121)]),
    { code: '23514' },
  )
})
