// Rules of the whole schema, and the exact list of columns and functions that people are granted.
import assert from 'node:assert/strict'
import { type Ground, onBoth } from './ground.ts'
import { invariants } from './invariants.ts'

type Run = Ground['run']

async function listBroken(run: Run, query: string): Promise<string[]> {
  return (await run<{ what: string }>(query, [])).map(({ what }) => what)
}

for (const { rule, broken, bad, reports } of invariants) {
  onBoth(`${rule}, and what breaks the rule is found`, async (ground) => {
    assert.deepEqual(await listBroken(ground.run, broken), [])
    const undone = new Error('undone')
    const attempt = ground.transaction(async (run) => {
      for (const statement of bad.split(';\n')) await run(statement, [])
      assert.ok((await listBroken(run, broken)).includes(reports), `${reports} goes unnoticed`)
      throw undone
    })
    await assert.rejects(attempt, undone)
  })
}

const LISTS: [sentence: string, query: string, expected: string[]][] = [
  [
    'people may change these columns and no others',
    `select table_name || '.' || column_name as what from information_schema.column_privileges
     where table_schema in ('public', 'private') and grantee in ('authenticated', 'anon', 'PUBLIC')
       and privilege_type in ('INSERT', 'UPDATE') order by 1`,
    [
      'astra_chats.archived_at',
      'astra_chats.title',
      'astra_chats.visibility',
      'mcp_tools.account',
      'mcp_tools.allows_always',
      'mcp_tools.cache_seconds',
      'mcp_tools.is_enabled',
      'mcp_tools.is_idempotent',
      'mcp_tools.policy',
      'mcp_tools.rate_limit',
      'mcp_tools.sends_out',
      'mcp_tools.timeout_seconds',
      'notifications.read_at',
      'profiles.full_name',
      'team_members.role',
      'teams.name',
      'teams.rate_per_person',
      'teams.rate_per_team',
      'teams.rate_window_seconds',
    ],
  ],
  [
    'people may read no table and no view behind the Data API',
    `select table_name || '.' || column_name as what from information_schema.column_privileges
     where table_schema = 'private' and grantee in ('authenticated', 'anon', 'PUBLIC') order by 1`,
    [],
  ],
  [
    'people may call these functions of the Data API and no others',
    `select p.proname::text as what from pg_proc p where p.pronamespace = 'public'::regnamespace
     and has_function_privilege('authenticated', p.oid, 'execute') order by 1`,
    [
      'accept_invitations',
      'create_team',
      'describe_webhook',
      'invite_member',
      'my_accounts',
      'search_chats',
      'set_tool_policy',
      'usage_activity',
      'usage_daily',
      'usage_errors',
      'usage_members',
      'usage_tools',
    ],
  ],
  [
    'people may call these functions behind the Data API and no others',
    `select p.proname::text as what from pg_proc p where p.pronamespace = 'private'::regnamespace
     and has_function_privilege('authenticated', p.oid, 'execute') order by 1`,
    [
      'accept_my_invitations',
      'accounts_of_mine',
      'as_query',
      'as_words',
      'excerpt',
      'found_team',
      'invite',
      'message_text',
      'my_administered_team_ids',
      'my_analysed_team_ids',
      'my_chat_ids',
      'my_owned_team_ids',
      'my_team_ids',
      'my_team_mate_ids',
      'newest_saying',
    ],
  ],
]

for (const [sentence, query, expected] of LISTS) {
  onBoth(sentence, async (ground) => {
    assert.deepEqual(await listBroken(ground.run, query), expected)
  })
}

onBoth(
  'a table or function that a migration forgets to grant is reachable by nobody',
  async (ground) => {
    const undone = new Error('undone')
    const attempt = ground.transaction(async (run) => {
      await run('create table public.forgotten (id int)', [])
      await run(`create function public.forgotten() returns int language sql as 'select 1'`, [])
      for (const role of ['anon', 'authenticated']) {
        const [held] = await run<{ reads: boolean; calls: boolean }>(
          `select has_table_privilege($1, 'public.forgotten', 'select, insert, update, delete') as reads,
          has_function_privilege($1, 'public.forgotten()', 'execute') as calls`,
          [role],
        )
        assert.deepEqual({ ...held }, { reads: false, calls: false }, role)
      }
      throw undone
    })
    await assert.rejects(attempt, undone)
  },
)
