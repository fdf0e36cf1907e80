// The generated types: what either database says, and of use to supabase-js.
import assert from 'node:assert/strict'
import { createClient } from '@supabase/supabase-js'
import { describeSchema } from '../../../scripts/types.ts'
import type { Database } from '../../../shared/database.types.ts'
import { onBoth } from './ground.ts'

const FILE = new URL('../../../shared/database.types.ts', import.meta.url)

onBoth('the generated types are what the migrated database says', async (ground) => {
  const told = await describeSchema(ground.run)
  const undone = new Error('undone')
  await assert.rejects(
    ground.transaction(async (run) => {
      await run('alter table public.teams add column motto text', [])
      assert.notEqual(await describeSchema(run), told)
      throw undone
    }),
    undone,
  )
  assert.equal(await Deno.readTextFile(FILE), told)
})

/** Compiles or does not: that is the test. Never called, so nothing is sent. */
export async function typesThatSupabaseUnderstands(url: string) {
  const client = createClient<Database>(url, 'key')
  const tools = await client.from('mcp_tools').select(
    'id, requires_confirmation, mcp_servers(name)',
  )
  const confirmed: boolean | null | undefined = tools.data?.[0]?.requires_confirmation
  const server: string | undefined = tools.data?.[0]?.mcp_servers.name
  const daily = await client.rpc('usage_daily', { p_team_id: url, p_from: url, p_to: url })
  const total: number | undefined = daily.data?.[0]?.total_executions
  await client.from('mcp_tools').update({ policy: 'ask' }).eq('id', url)
  // @ts-expect-error a generated column is not written
  await client.from('mcp_tools').update({ requires_confirmation: true })
  // @ts-expect-error no such column
  await client.from('teams').update({ motto: url })
  // @ts-expect-error no such function
  await client.rpc('usage_weekly')
  // @ts-expect-error a view is not written
  await client.from('mcp_tool_statistics').insert({ tool_id: url })
  return { confirmed, server, total }
}
