import assert from 'node:assert/strict'
import { promises } from './promises.ts'

const root = new URL('../../', import.meta.url)

async function* testFiles(folder: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue
    const child = new URL(entry.name + (entry.isDirectory ? '/' : ''), folder)
    if (entry.isDirectory) yield* testFiles(child)
    else if (/\.test\.tsx?$/.test(entry.name)) yield child
  }
}

Deno.test('every promise is kept by a test that cites it', async () => {
  const cited = new Set<string>()
  for (const folder of ['supabase/', 'scripts/', 'web/']) {
    for await (const file of testFiles(new URL(folder, root))) {
      const text = await Deno.readTextFile(file)
      for (const [, name] of text.matchAll(/\bpromises\.(\w+)/g)) cited.add(name!)
    }
  }
  const broken = Object.keys(promises).filter((name) => !cited.has(name))
  assert.deepEqual(broken, [], 'promises nobody proves')
})
