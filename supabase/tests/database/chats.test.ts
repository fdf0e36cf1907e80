// Whose a chat is: who reads, renames, shares, archives and deletes it, and what becomes of it when its
// person shares it, takes it back, leaves or is gone.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { begin, finish } from './calls.ts'
import { type Ground, type Identity, onBoth } from './ground.ts'
import { createMember, createOffice, type Office, type Person } from './people.ts'
import { beginChat, say, search, type Visibility } from './talks.ts'

type Team = Office & { mate: Person; admin: Person; owner: Person; rival: Person; removed: Person }

async function createTeamOfMany(ground: Ground): Promise<Team> {
  const office = await createOffice(ground)
  const { team_id } = office
  const removed = await createMember(ground, team_id)
  const team = {
    ...office,
    mate: await createMember(ground, team_id),
    admin: await createMember(ground, team_id, 'admin'),
    owner: await createMember(ground, team_id, 'owner'),
    rival: await createMember(ground, (await createOffice(ground)).team_id, 'owner'),
    removed,
  }
  await leave(ground, removed)
  return team
}

function leave(ground: Ground, person: Person) {
  return ground.run('delete from public.team_members where user_id = $1', [person.sub])
}

/** How many rows a statement reached, or `denied`. `$1` is the chat. */
async function reach(ground: Ground, who: Identity, asked: { sql: string; chat_id: string }) {
  try {
    return (await ground.as(who)(`${asked.sql} returning 1`, [asked.chat_id])).length
  } catch (thrown) {
    assert.equal((thrown as { code: string }).code, '42501')
    return 'denied'
  }
}

/** The same to every chat: without a condition no row is read, and the policy of reading does not help. */
async function toAll(ground: Ground, who: Identity, sql: string): Promise<void> {
  const done = ground.as(who)(sql.replace(' where id = $1', ''))
  await done.catch((thrown) => assert.equal((thrown as { code: string }).code, '42501'))
}

const changes = {
  rename: `update public.astra_chats set title = 'Taken' where id = $1`,
  share: `update public.astra_chats set visibility = 'team' where id = $1`,
  hide: `update public.astra_chats set visibility = 'private' where id = $1`,
  archive: `update public.astra_chats set archived_at = now() where id = $1`,
  bringBack: `update public.astra_chats set archived_at = null where id = $1`,
  take: `update public.astra_chats set user_id = (select auth.uid()) where id = $1`,
  delete: `delete from public.astra_chats where id = $1`,
}

async function reads(ground: Ground, who: Person, chat_id: string): Promise<boolean> {
  const seen = await ground.as(who)<{ chats: number; messages: number }>(
    `select (select count(*)::integer from public.astra_chats where id = $1) as chats,
      (select count(*)::integer from public.astra_messages where chat_id = $1) as messages`,
    [chat_id],
  )
  const { chats, messages } = seen[0]!
  assert.equal(chats > 0, messages > 0, 'a chat is seen with its messages, or neither is')
  return chats > 0
}

function chatOf(ground: Ground, chat_id: string) {
  return ground.run<{ user_id: string | null; visibility: Visibility; title: string }>(
    'select user_id, visibility, title from public.astra_chats where id = $1',
    [chat_id],
  )
}

onBoth(promises.private_chats_private, async (ground) => {
  const team = await createTeamOfMany(ground)
  const { team_id, member, mate, admin, owner, rival, removed } = team
  const chat_id = await beginChat(ground, { team_id, person: member, title: 'Salary talks' })
  await say(ground, { team_id, chat_id, person: member, text: 'a raise for Olga' })
  for (const stranger of [mate, admin, owner, rival, removed]) {
    assert.equal(await reads(ground, stranger, chat_id), false)
    for (const query of ['salary', 'raise']) {
      assert.deepEqual(await search(ground, stranger, { team_id, query }), [])
      const said = await ground.as(stranger)(
        'select * from private.newest_saying($1, private.as_query($2))',
        [team_id, query],
      )
      assert.deepEqual(said, [], 'the index alone')
    }
    for (const [verb, sql] of Object.entries(changes)) {
      const reached = await reach(ground, stranger, { sql, chat_id })
      assert.ok(reached === 0 || reached === 'denied', `${verb}: ${reached}`)
      await toAll(ground, stranger, sql)
    }
  }
  const [kept] = await chatOf(ground, chat_id)
  assert.deepEqual([kept!.user_id, kept!.visibility, kept!.title], [
    member.sub,
    'private',
    'Salary talks',
  ])
  assert.equal(await reads(ground, member, chat_id), true)
})

onBoth('a team’s chat is read by everyone in the team and by nobody else', async (ground) => {
  const { team_id, member, mate, admin, rival, removed } = await createTeamOfMany(ground)
  const chat_id = await beginChat(ground, { team_id, person: member, visibility: 'team' })
  await say(ground, { team_id, chat_id, person: mate, text: 'hello' })
  for (const one of [member, mate, admin]) assert.equal(await reads(ground, one, chat_id), true)
  for (const one of [rival, removed]) assert.equal(await reads(ground, one, chat_id), false)
  await leave(ground, mate)
  assert.equal(await reads(ground, mate, chat_id), false)
  for (const [who, expected] of [[member, 1], [rival, 0], [removed, 0], [mate, 0]] as const) {
    const mine = await ground.as(who)('select 1 from private.my_chat_ids() as id where id = $1', [
      chat_id,
    ])
    assert.equal(mine.length, expected, 'by itself')
  }
})

onBoth(
  'a team’s chat is changed by its person and by admins; others read and write in it',
  async (ground) => {
    const { team_id, member, mate, admin, rival } = await createTeamOfMany(ground)
    for (const verb of ['rename', 'archive', 'bringBack', 'delete'] as const) {
      for (const [who, expected] of [[mate, 0], [rival, 0], [admin, 1], [member, 1]] as const) {
        const chat_id = await beginChat(ground, { team_id, person: member, visibility: 'team' })
        assert.equal(await reach(ground, who, { sql: changes[verb], chat_id }), expected, verb)
      }
    }
  },
)

onBoth('nobody makes someone else’s chat private, and nobody takes it', async (ground) => {
  const { team_id, member, mate, admin, owner } = await createTeamOfMany(ground)
  const chat_id = await beginChat(ground, { team_id, person: member, visibility: 'team' })
  for (const who of [admin, owner]) {
    assert.equal(await reach(ground, who, { sql: changes.hide, chat_id }), 'denied')
  }
  // Without a condition no row is read, and the policy of reading does not help.
  const all = ground.as(admin)(`update public.astra_chats set visibility = 'private'`)
  await assert.rejects(all, { code: '42501' })
  assert.equal(await reach(ground, mate, { sql: changes.hide, chat_id }), 0)
  for (const who of [member, mate, admin, owner]) {
    assert.equal(await reach(ground, who, { sql: changes.take, chat_id }), 'denied')
  }
})

onBoth('a chat that its person makes private again keeps what others wrote', async (ground) => {
  const { team_id, member, mate } = await createTeamOfMany(ground)
  const chat_id = await beginChat(ground, { team_id, person: member })
  await say(ground, { team_id, chat_id, person: member, text: 'mine' })
  assert.equal(await reach(ground, member, { sql: changes.share, chat_id }), 1)
  await say(ground, { team_id, chat_id, person: mate, text: 'theirs' })
  assert.equal(await reads(ground, mate, chat_id), true)
  assert.equal(await reach(ground, member, { sql: changes.hide, chat_id }), 1)
  assert.equal(await reads(ground, mate, chat_id), false)
  assert.deepEqual(await search(ground, mate, { team_id, query: 'theirs' }), [])
  const kept = await ground.as(member)('select 1 from public.astra_messages where chat_id = $1', [
    chat_id,
  ])
  assert.equal(kept.length, 2)
})

onBoth(
  'a call in a chat is read by whoever takes part in it, and approved as ever',
  async (ground) => {
    const team = await createTeamOfMany(ground)
    const { team_id, member, mate, rival, removed } = team
    const chat_id = await beginChat(ground, { team_id, person: member, visibility: 'team' })
    const { execution_id } = await begin(ground, team, { user_id: mate.sub, chat_id })
    await finish(ground, execution_id!, { output: { content: [] } })
    const sees = async (who: Person) =>
      (await ground.as(who)('select output_result from public.mcp_tool_executions where id = $1', [
        execution_id,
      ])).length
    assert.deepEqual(await Promise.all([member, mate].map(sees)), [1, 1])
    assert.deepEqual(await Promise.all([rival, removed].map(sees)), [0, 0])
    const other = await createMember(ground, team_id)
    assert.equal(await sees(other), 1)
    await reach(ground, member, { sql: changes.hide, chat_id })
    assert.deepEqual([await sees(other), await sees(mate), await sees(member)], [0, 1, 1])
    const refused = await begin(ground, team, { user_id: mate.sub, chat_id })
    assert.deepEqual([refused.verdict, refused.reason], ['refused', 'chat_not_found'])
  },
)

onBoth('a deleted chat takes its messages and files along, and no call', async (ground) => {
  const team = await createTeamOfMany(ground)
  const { team_id, member, admin, mate } = team
  const chat_id = await beginChat(ground, { team_id, person: member, visibility: 'team' })
  const message_id = await say(ground, { team_id, chat_id, person: mate, text: 'look' })
  await ground.as('service_role')(
    `insert into public.astra_attachments (team_id, chat_id, message_id, position, name, media_type, content)
     values ($1, $2, $3, 0, 'a.txt', 'text/plain', 'YQ==')`,
    [team_id, chat_id, message_id],
  )
  const { execution_id } = await begin(ground, team, { user_id: mate.sub, chat_id, message_id })
  await finish(ground, execution_id!)
  assert.equal(await reach(ground, admin, { sql: changes.delete, chat_id }), 1)
  const [left] = await ground.run<Record<string, unknown>>(
    `select (select count(*)::integer from public.astra_messages where chat_id = $1) as messages,
      (select count(*)::integer from public.astra_attachments where chat_id = $1) as files,
      (select status from public.mcp_tool_executions where id = $2 and chat_id is null) as call`,
    [chat_id, execution_id],
  )
  assert.deepEqual({ ...left }, { messages: 0, files: 0, call: 'success' })
})

onBoth('a file belongs to a message of its own chat', async (ground) => {
  const { team_id, member } = await createTeamOfMany(ground)
  const [shared, kept] = [
    await beginChat(ground, { team_id, person: member, visibility: 'team' }),
    await beginChat(ground, { team_id, person: member }),
  ]
  const message_id = await say(ground, { team_id, chat_id: kept, person: member, text: 'look' })
  const attach = ground.as('service_role')(
    `insert into public.astra_attachments (team_id, chat_id, message_id, position, name, media_type, content)
     values ($1, $2, $3, 0, 'a.txt', 'text/plain', 'YQ==')`,
    [team_id, shared, message_id],
  )
  await assert.rejects(attach, { code: '23503' })
})

onBoth('a deleted account takes its private chats along and leaves the team’s', async (ground) => {
  const { team_id, member, mate } = await createTeamOfMany(ground)
  const kept = await beginChat(ground, { team_id, person: member, visibility: 'team' })
  const gone = await beginChat(ground, { team_id, person: member })
  await say(ground, { team_id, chat_id: kept, person: mate, text: 'ours' })
  await ground.run('delete from auth.users where id = $1', [member.sub])
  assert.equal(await reads(ground, mate, kept), true)
  assert.equal((await chatOf(ground, kept))[0]!.user_id, null)
  assert.deepEqual(await chatOf(ground, gone), [])
})

onBoth('naming, sharing and archiving move no chat; saying something does', async (ground) => {
  const { team_id, member } = await createTeamOfMany(ground)
  const chat_id = await beginChat(ground, { team_id, person: member })
  await ground.run(
    `update public.astra_chats set updated_at = '2026-01-01', title = 'x' where id = $1`,
    [
      chat_id,
    ],
  )
  const moved = async () =>
    (await ground.run<{ old: boolean }>(
      `select updated_at = '2026-01-01' as old from public.astra_chats where id = $1`,
      [chat_id],
    ))[0]!.old
  for (const verb of ['rename', 'share', 'archive', 'hide', 'bringBack'] as const) {
    assert.equal(await reach(ground, member, { sql: changes[verb], chat_id }), 1)
    assert.equal(await moved(), true, verb)
  }
  await ground.run('update public.astra_chats set updated_at = now() where id = $1', [chat_id])
  assert.equal(await moved(), false)
})

onBoth(
  'what was taken back is read by whoever wrote it, and by nobody it is shared with',
  async (ground) => {
    const { team_id, member, mate, admin } = await createTeamOfMany(ground)
    const chat_id = await beginChat(ground, { team_id, person: member })
    const secret = await say(ground, { team_id, chat_id, person: member, text: 'my password is' })
    const answer = await say(ground, { team_id, chat_id, text: 'your password is' })
    await say(ground, { team_id, chat_id, person: member, text: 'hello' })
    await ground.run(
      `insert into public.astra_attachments (team_id, chat_id, message_id, position, name, media_type, content)
    values ($1, $2, $3, 1, 'passwords.txt', 'text/plain', 'Yg==')`,
      [team_id, chat_id, secret],
    )
    await ground.run('update public.astra_messages set superseded_at = now() where id = any ($1)', [
      [secret, answer],
    ])
    await ground.as(member)(changes.share, [chat_id])
    const seenBy = async (who: Person) => {
      const [seen] = await ground.as(who)<{ messages: number; files: number }>(
        `select (select count(*)::integer from public.astra_messages where chat_id = $1) as messages,
        (select count(*)::integer from public.astra_attachments where chat_id = $1) as files`,
        [chat_id],
      )
      return [seen!.messages, seen!.files]
    }
    assert.deepEqual(await seenBy(member), [2, 1])
    for (const other of [mate, admin]) assert.deepEqual(await seenBy(other), [1, 0])
  },
)
