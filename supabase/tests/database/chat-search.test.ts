// Finding chats: by words of their titles and messages, in any script, never what is someone else’s or
// superseded, whatever is typed, and by an index.
import assert from 'node:assert/strict'
import { type Ground, onBoth, onPostgres } from './ground.ts'
import { createMember, createOffice, type Person } from './people.ts'
import { beginChat, say, search } from './talks.ts'

type Desk = { team_id: string; person: Person; find: (query: string) => Promise<string[]> }

/** One who searches; `find` answers with the titles of what is found, in its order. */
async function createDesk(ground: Ground): Promise<Desk> {
  const { team_id, member: person } = await createOffice(ground)
  const find = async (query: string) =>
    (await search(ground, person, { team_id, query })).map(({ title }) => title)
  return { team_id, person, find }
}

async function write(
  ground: Ground,
  { team_id, person }: Desk,
  chat: { title: string; text: string },
) {
  const chat_id = await beginChat(ground, { team_id, person, title: chat.title })
  const message_id = await say(ground, { team_id, chat_id, person, text: chat.text })
  return { chat_id, message_id }
}

onBoth('chats are found by the beginnings of words, all of them', async (ground) => {
  const desk = await createDesk(ground)
  await write(ground, desk, { title: 'Trip', text: 'Book the conference hotel in Rotterdam' })
  await write(ground, desk, { title: 'Hotel prices', text: 'a list, please' })
  assert.deepEqual(await desk.find('conf'), ['Trip'])
  assert.deepEqual(await desk.find('HOTEL'), ['Hotel prices', 'Trip'])
  assert.deepEqual(await desk.find('rotter hotel'), ['Trip'])
  assert.deepEqual(await desk.find('hotel paris'), [])
  assert.deepEqual(await desk.find('terdam'), [])
  assert.deepEqual(await desk.find('otel pri'), ['Hotel prices'])
})

onBoth('a name of several parts is found by each, and as it is written', async (ground) => {
  const desk = await createDesk(ground)
  await write(ground, desk, {
    title: 'Mail',
    text: 'write to olga@example.com about get_tiny-image and src/chat/list.tsx',
  })
  await write(ground, desk, { title: 'Other', text: 'image, and then something tiny' })
  for (const query of ['olga', 'example', 'olga@exa', 'tiny-im', 'get_tiny', 'chat/list.t']) {
    assert.deepEqual(await desk.find(query), ['Mail'], query)
  }
})

onBoth('what is found says where: the words around the first one', async (ground) => {
  const desk = await createDesk(ground)
  const text = `${'before '.repeat(100)}the needle lies here${' after'.repeat(100)}`
  const { message_id } = await write(ground, desk, { title: 'Hay', text })
  const [found] = await search(ground, desk.person, { team_id: desk.team_id, query: 'needle' })
  assert.equal(found!.message_id, message_id)
  assert.match(found!.excerpt!, /^…before .*the needle lies here after .*…$/)
  assert.ok(found!.excerpt!.length <= 162)
  const [named] = await search(ground, desk.person, { team_id: desk.team_id, query: 'hay' })
  assert.deepEqual([named!.message_id, named!.excerpt], [null, null])
})

onBoth('what was superseded is not found; what is archived is', async (ground) => {
  const desk = await createDesk(ground)
  const { chat_id, message_id } = await write(ground, desk, { title: 'One', text: 'first thought' })
  await ground.run('update public.astra_messages set superseded_at = now() where id = $1', [
    message_id,
  ])
  await ground.run('update public.astra_chats set archived_at = now() where id = $1', [chat_id])
  assert.deepEqual(await desk.find('thought'), [])
  assert.deepEqual(await desk.find('one'), ['One'])
})

onBoth('a team is searched by those in it, and one team at a time', async (ground) => {
  const [here, there] = [await createDesk(ground), await createDesk(ground)]
  await write(ground, here, { title: 'Here', text: 'a secret' })
  const { team_id } = here
  assert.deepEqual(await search(ground, there.person, { team_id, query: 'secret' }), [])
  assert.deepEqual(await here.find('secret'), ['Here'])
  assert.deepEqual(
    await search(ground, here.person, { team_id: there.team_id, query: 'secret' }),
    [],
  )
  const shared = await beginChat(ground, {
    team_id,
    person: here.person,
    visibility: 'team',
    title: 'Ours',
  })
  const mate = await createMember(ground, team_id)
  await say(ground, { team_id, chat_id: shared, person: mate, text: 'no secret' })
  const found = await search(ground, mate, { team_id, query: 'secret' })
  assert.deepEqual(found.map(({ title }) => title), ['Ours'])
  await assert.rejects(
    ground.as('anon')('select * from public.search_chats($1, $2)', [team_id, 'secret']),
    { code: '42501' },
  )
})

onBoth('other scripts are found too, with and without spaces between words', async (ground) => {
  const desk = await createDesk(ground)
  await write(ground, desk, { title: '出張', text: '東京タワーの近くのホテルを探して' })
  await write(ground, desk, { title: 'Поездка', text: 'забронируй гостиницу größer' })
  await write(ground, desk, { title: 'Party 🎉', text: 'ไปเที่ยวกรุงเทพ' })
  assert.deepEqual(await desk.find('東京'), ['出張'])
  assert.deepEqual(await desk.find('タワー'), ['出張'])
  assert.deepEqual(await desk.find('タ京'), [])
  assert.deepEqual(await desk.find('гостин'), ['Поездка'])
  assert.deepEqual(await desk.find('größ'), ['Поездка'])
  assert.deepEqual(await desk.find('🎉'), ['Party 🎉'])
  assert.deepEqual(await desk.find('กรุงเทพ'), ['Party 🎉'])
})

onBoth('whatever is typed is looked for and nothing else', async (ground) => {
  const desk = await createDesk(ground)
  await write(ground, desk, { title: 'Plain', text: 'nothing special' })
  const punctuation = String.fromCharCode(...Array.from({ length: 95 }, (_, at) => at + 32))
  const hostile = [
    `'`,
    `''`,
    `' | 'x`,
    `a' || 'b`,
    `!plain`,
    `a & | ! ( ) <-> :*`,
    `:*`,
    `\\`,
    `\\'`,
    `E'\\x'`,
    '%',
    '_',
    '%_\\',
    `'); drop table public.astra_chats; --`,
    '$1',
    '\u202e\u0000'.replace('\u0000', ''),
    '👩‍👩‍👧‍👦'.repeat(50),
    'x'.repeat(10_000),
    'word '.repeat(2_000),
    punctuation,
    '<b>&amp;</b> https://a.test/?q=1#x',
  ]
  for (const query of hostile) {
    assert.deepEqual(await desk.find(query), query === '!plain' ? ['Plain'] : [], query)
  }
  for (const query of ['', '   ', '\n\t']) assert.deepEqual(await desk.find(query), [])
  await write(ground, desk, { title: '100 % sure_thing', text: 'x' })
  assert.deepEqual(await desk.find('100 % sure_'), ['100 % sure_thing'])
})

onBoth('no message is too long or too strange to be kept', async (ground) => {
  const { team_id, member: person } = await createOffice(ground)
  const chat_id = await beginChat(ground, { team_id, person })
  const sign = (at: number) => String.fromCodePoint(0x20000 + at % 20_000)
  const words = (part: number, by: string) =>
    Array.from({ length: 6_700 }, (_, at) => sign(at) + sign(part) + by).join('')
  const numbers = Array.from({ length: 50_000 }, (_, at) => at.toString(36)).join(' ')
  const texts: ((part: number) => string)[] = [
    (part) => words(part, ' '),
    (part) => words(part, '-'),
    (part) => String.fromCharCode(...Array.from({ length: 20_000 }, (_, at) => 0x4e00 + at + part)),
    () => numbers,
  ]
  for (const text of texts) {
    const parts = Array.from({ length: 16 }, (_, part) => ({ type: 'text', text: text(part) }))
    await ground.as('service_role')(
      `insert into public.astra_messages (team_id, chat_id, role, parts) values ($1, $2, 'assistant', $3)`,
      [team_id, chat_id, parts],
    )
  }
  for (const parts of [[], [1, null, 'x', []], [{ type: 'text' }, { type: 'text', text: 5 }]]) {
    await ground.as('service_role')(
      `insert into public.astra_messages (team_id, chat_id, role, parts) values ($1, $2, 'assistant', $3)`,
      [team_id, chat_id, parts],
    )
  }
})

/** A team of `chats` chats with a hundred messages each, half of them private ones of someone else. */
async function fill(ground: Ground, { team_id, person }: Desk, chats: number): Promise<void> {
  const mate = await createMember(ground, team_id)
  await ground.run(
    `with chats as (
      insert into public.astra_chats (team_id, user_id, title)
      select $1, case when n % 2 = 0 then $2::uuid else $3::uuid end, 'Chat ' || n
      from generate_series(1, $4::integer) n returning id
    )
    insert into public.astra_messages (team_id, chat_id, role, parts)
    select $1, id, 'assistant', jsonb_build_array(jsonb_build_object('type', 'text', 'text',
      'the common answer ' || n || ' about w' || (row_number() over () * 7919 % 4999) || ' ' || repeat('and more words of it ', 20)))
    from chats, generate_series(1, 100) n`,
    [team_id, person.sub, mate.sub, chats],
  )
}

onPostgres('in a hundred thousand messages a word is found by its index', async (ground) => {
  const desk = await createDesk(ground)
  await fill(ground, desk, 1_000)
  await write(ground, desk, { title: 'The one', text: 'an unmistakable message' })
  await ground.run('analyze public.astra_messages')
  await ground.run('analyze public.astra_chats')
  const times: Record<string, number> = {}
  for (const query of ['unmistak', 'w4711', 'common answer', 'a']) {
    const began = performance.now()
    const found = await desk.find(query)
    times[query] = Math.round(performance.now() - began)
    assert.ok(found.length > 0, query)
  }
  console.log('milliseconds', times)
  const plan = await ground.run<Record<string, string>>(
    `explain select 1 from public.astra_messages m where m.words @@ private.as_query('unmistak')`,
  )
  assert.match(plan.map((line) => line['QUERY PLAN']).join('\n'), /astra_messages_words/)
  assert.ok(times['unmistak']! < 1_000, `${times['unmistak']} ms`)
})
