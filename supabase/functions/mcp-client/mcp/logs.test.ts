import assert from 'node:assert/strict'
import type { LogLine } from '../../../../shared/happening.ts'
import { bench, call, closing } from '../../../tests/upstreams/bench.ts'
import { startLegacySse } from '../../../tests/upstreams/legacy-sse.ts'
import { startModern } from '../../../tests/upstreams/modern.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'

Deno.test('log messages of a call reach its caller, clean, capped and not more than 100', async () => {
  for (const start of [startSessions, startModern, startLegacySse]) {
    const server = start()
    const at = bench(server, { server_type: start === startLegacySse ? 'sse' : 'http' })
    await closing(server, at, async () => {
      const lines: LogLine[] = []
      const onLog = (line: LogLine) => lines.push(line)
      const { callTool } = at.connections
      const talk = (args: Record<string, unknown>) =>
        callTool.call(at.connections, at.upstream, call('talk', args, { onLog }))
      await talk({ lines: 2 })
      assert.deepEqual(lines.map(({ text }) => text), ['line 1', 'line 2'])
      assert.deepEqual(lines[0], { level: 'info', logger: 'fixture', text: 'line 1' })
      await talk({ data: { a: '\u001b[31mred' } })
      await talk({ data: 'x'.repeat(9_000) })
      assert.equal(lines[2]?.text, '{"a":"\\u001b[31mred"}')
      assert.equal(lines[3]?.text.length, 2_000)
      lines.length = 0
      await talk({ lines: 150 })
      assert.equal(lines.length, 100)
      const levels = server.recorder.count('logging/setLevel')
      assert.equal(levels, start === startModern ? 0 : 1)
    })
  }
})

Deno.test('a server whose messages nobody wants is not asked for them', async () => {
  for (const start of [startSessions, startModern]) {
    const server = start()
    const at = bench(server)
    await closing(server, at, async () => {
      await at.connections.callTool(at.upstream, call('talk'))
      assert.equal(server.recorder.count('logging/setLevel'), 0)
    })
  }
})
