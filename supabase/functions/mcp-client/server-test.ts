// test_server: tries a server step by step and keeps what was learnt about it.
import type { Handler } from './actions.ts'
import { read } from './db.ts'
import { redactByValue } from './redact.ts'
import { noteFailure, reach } from './upstream-of.ts'

export const testServer: Handler<'test_server'> = async ({ app, as, input, signal }) => {
  const { team_id } = as
  const { server_id } = input
  const { upstream, secrets } = await reach(app, team_id, server_id)
  const report = await app.connections.probe(upstream, { signal })
  const failed = report.steps.find(({ outcome }) => outcome === 'failed')
  if (failed) {
    await noteFailure(app, { team_id, server_id, message: failed.message })
  } else {
    await read(
      app.db.service.from('mcp_servers').update({
        connection_status: 'connected',
        last_connected_at: new Date().toISOString(),
        last_error: null,
        ...(report.protocol && { protocol: redactByValue(report.protocol, secrets) }),
      }).eq('id', server_id).eq('team_id', team_id).is('removed_at', null),
    )
  }
  return { ok: !failed, steps: report.steps, tools_found: report.tools_found }
}
