// Keeps a team's tools as fresh as their servers say: a caching hint that ran out (MCP 2026-07-28
// "Caching"; without one, five minutes), or `notifications/tools/list_changed`, marks them stale; whoever
// looks next has them read again.
import { administers } from '../../../shared/team.ts'
import type { App } from './app.ts'
import type { Member } from './auth.ts'
import { read } from './db.ts'
import { log } from './log.ts'
import { keepTools } from './sync.ts'
import { withServer } from './upstream-of.ts'

/** A server that never answers is not asked at every look. */
const AGAIN_AFTER_MS = 5 * 60_000

/** A server said that its tools have changed. Takes the `key` of its upstream, which begins with team and server. */
export function noteToolsChanged(app: App, upstream_key: string): void {
  const [team_id, server_id] = upstream_key.split('|')
  const marked = read(
    app.db.service.from('mcp_servers').update({ tools_stale_at: new Date().toISOString() })
      .eq('id', server_id).eq('team_id', team_id).is('removed_at', null),
  )
  app.background(marked.catch(unread({ server_id })))
}

export type Freshness = { id: string; tools_stale_at: string | null }

/** Reads the tools of stale servers again, in the background: whoever looks now sees what is known. */
export function refreshStale(app: App, as: Member, servers: Freshness[]): void {
  const now = Date.now()
  for (const { id, tools_stale_at } of servers) {
    if (tools_stale_at === null || Date.parse(tools_stale_at) > now) continue
    app.background(refresh(app, as, id).catch(unread({ server_id: id })))
  }
}

async function refresh(app: App, as: Member, server_id: string): Promise<void> {
  const { team_id } = as
  // One of those who look at the same moment reads for all.
  const claim = app.db.service.from('mcp_servers')
    .update({ tools_stale_at: new Date(Date.now() + AGAIN_AFTER_MS).toISOString() })
    .eq('id', server_id).eq('team_id', team_id).is('removed_at', null)
    .lte('tools_stale_at', new Date().toISOString())
  // What a server lists for one person's account would become the whole team's tools: admins' alone may.
  const mine = await read<unknown[]>(
    (administers(as.role) ? claim : claim.eq('account', 'team')).select('id'),
  )
  if (mine.length === 0) return
  await withServer(app, { as, server_id, in_use: true }, async (reached) => {
    const listed = await app.connections.rereadTools(reached.upstream)
    return await keepTools(app, { team_id, server_id, reached, listed })
  })
}

function unread(of: { server_id: string | undefined }) {
  return (thrown: unknown) => log('warn', 'tools could not be read again', { ...of, thrown })
}
