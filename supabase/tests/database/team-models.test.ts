// A team’s model: whose key goes where, who changed it, and what of it may be read.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { type Ground, onBoth } from './ground.ts'
import { createMember, createOffice } from './people.ts'
import { dropModel, HOST, keepModel, type Model } from './team-models.ts'

type Kept = { name: string; encrypted_value: string | null; key_set_at: Date | null }

async function keptOf(ground: Ground, team_id: string): Promise<Kept> {
  const [row] = await ground.run<Kept>(
    'select name, encrypted_value, key_set_at from public.team_models where team_id = $1',
    [team_id],
  )
  return row!
}

onBoth(promises.model_key_stays, async (ground) => {
  const { team_id } = await createOffice(ground)
  const keyAfter = async (given: Model) => {
    await keepModel(ground, team_id, { key: 'first' })
    await keepModel(ground, team_id, given)
    return (await keptOf(ground, team_id)).encrypted_value
  }
  assert.equal(await keyAfter({ name: 'two', keeps_key: true }), 'first')
  assert.equal(await keyAfter({ base_url: 'https://else.test/v1', keeps_key: true }), null)
  assert.equal(await keyAfter({ provider: 'anthropic', keeps_key: true }), null)
  assert.equal(await keyAfter({ base_url: 'https://else.test/v1', key: 'new' }), 'new')
  assert.equal(await keyAfter({ key: 'second' }), 'second')
  assert.equal(await keyAfter({}), null)
  await keepModel(ground, team_id, { provider: 'anthropic', base_url: null, key: 'first' })
  await keepModel(ground, team_id, { provider: 'anthropic', base_url: null, keeps_key: true })
  assert.equal((await keptOf(ground, team_id)).encrypted_value, 'first')
})

onBoth('every change of a team’s model is on record, with who made it', async (ground) => {
  const { team_id } = await createOffice(ground)
  const admin = await createMember(ground, team_id, 'admin')
  const other = await createMember(ground, team_id, 'admin')
  const by = admin.sub
  await keepModel(ground, team_id, { by, key: 'first' })
  await keepModel(ground, team_id, { by, keeps_key: true })
  await keepModel(ground, team_id, { by: other.sub, name: 'two', keeps_key: true })
  await keepModel(ground, team_id, { by, name: 'two', key: 'second' })
  // Resealing changes no setting.
  await ground.as('service_role')(
    `update public.team_models set encrypted_value = 'resealed', key_version = 2 where team_id = $1`,
    [team_id],
  )
  await dropModel(ground, team_id, other.sub)
  const entries = await ground.as(admin)<Record<string, unknown>>(
    `select changed_by, before ->> 'name' as was, after ->> 'name' as is, key_changed
     from public.team_model_changes where team_id = $1 order by changed_at`,
    [team_id],
  )
  assert.deepEqual(entries.map((entry) => Object.values(entry)), [
    [by, null, 'one', true],
    [other.sub, 'one', 'two', false],
    [by, 'two', 'two', true],
    [other.sub, 'two', null, true],
  ])
  const written = await ground.run<{ words: string }>(
    'select c::text as words from public.team_model_changes c where team_id = $1',
    [team_id],
  )
  for (const { words } of written) assert.doesNotMatch(words, /first|second|resealed/)
})

onBoth('a team that is deleted takes its model and its entries with it', async (ground) => {
  const { team_id } = await createOffice(ground)
  await keepModel(ground, team_id, { key: 'first' })
  await ground.run('delete from public.teams where id = $1', [team_id])
  const left = await ground.run(
    'select team_id from public.team_model_changes where team_id = $1',
    [team_id],
  )
  assert.deepEqual(left, [])
})

onBoth(promises.model_key_unreadable, async (ground) => {
  const { team_id } = await createOffice(ground)
  const owner = await createMember(ground, team_id, 'owner')
  await keepModel(ground, team_id, { key: 'first' })
  const [seen] = await ground.as(owner)(
    'select provider, name, takes_images from public.team_models where team_id = $1',
    [team_id],
  )
  assert.deepEqual(seen, { provider: 'openai_compatible', name: 'one', takes_images: false })
  for (const column of ['encrypted_value', 'key_version', 'key_set_at', 'base_url', '*']) {
    await assert.rejects(ground.as(owner)(`select ${column} from public.team_models`, []), {
      code: '42501',
    })
  }
  for (const rpc of ['keep_team_model($1, null, null, null, true)', 'drop_team_model($1, null)']) {
    await assert.rejects(ground.as(owner)(`select public.${rpc}`, [team_id]), { code: '42501' })
  }
})

onBoth('a model without an address, or with half a key, is refused', async (ground) => {
  const { team_id } = await createOffice(ground)
  await assert.rejects(keepModel(ground, team_id, { base_url: null }), { code: '23514' })
  await keepModel(ground, team_id, { key: 'first', base_url: HOST })
  await assert.rejects(
    ground.run('update public.team_models set key_version = null where team_id = $1', [team_id]),
    { code: '23514' },
  )
})
