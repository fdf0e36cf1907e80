import assert from 'node:assert/strict'
import { importProblems, violations } from './boundaries.ts'

const header = '// Owns nothing.\n'
const inFunction = (name: string, text: string) => ({
  path: `supabase/functions/mcp-client/${name}`,
  text: header + text,
})

Deno.test('what leaves by another door than its own is named with the right one', () => {
  const bad: [source: { path: string; text: string }, door: RegExp][] = [
    [inFunction('chat/turn.ts', 'client.callTool(x)'), /execute\.ts/],
    [inFunction('servers.ts', 'await fetch(url)'), /guardedFetch/],
    [inFunction('tools.ts', 'crypto.subtle.digest()'), /credentials\.ts/],
    [inFunction('auth.ts', "Deno.env.get('A')"), /env\.ts/],
    [inFunction('chat/tools.ts', 'app.db.service.from()'), /row level security/],
    [{ path: 'shared/tool.ts', text: `${header}import { x } from 'hono'` }, /imports zod/],
    [{ path: 'web/src/ui/a.tsx', text: `${header}import '../chat/b.tsx'` }, /know no feature/],
    [{ path: 'web/src/chat/a.ts', text: `${header}import '@/settings/b.ts'` }, /never import/],
    [{ path: 'web/src/lib/a.ts', text: 'export const a = 1' }, /no header/],
    [{ path: 'shared/utils.ts', text: header }, /call it by what it holds/],
    [{ path: 'shared/long.ts', text: header + '\n'.repeat(400) }, /300 is the most/],
  ]
  for (const [source, door] of bad) {
    const found = violations([source])
    assert.equal(found.length, 1, `${source.path}: ${found.join('; ')}`)
    assert.match(found[0]!, door)
  }
})

Deno.test('the doors themselves, comments and tests are left alone', () => {
  assert.deepEqual(
    violations([
      inFunction('attempt.ts', 'app.connections.callTool(x)'),
      inFunction('mcp/egress.ts', 'await fetch(url)'),
      inFunction('servers.ts', '// never fetch( here'),
      inFunction('servers.test.ts', 'await fetch(url)'),
    ]),
    [],
  )
})

Deno.test('the function’s two lists of libraries agree, and name whatever it imports', () => {
  const both = { imports: { zod: 'npm:zod@1.0.0' }, dependencies: { zod: '1.0.0' } }
  assert.deepEqual(importProblems([inFunction('a.ts', "import { z } from 'zod'")], both), [])
  assert.equal(importProblems([inFunction('a.ts', "import 'hono/cors'")], both).length, 1)
  const others: Record<string, string>[] = [{ zod: '1.0.1' }, {}, { zod: '1.0.0', hono: '1.0.0' }]
  for (const dependencies of others) {
    assert.equal(importProblems([], { ...both, dependencies }).length, 1)
  }
})
