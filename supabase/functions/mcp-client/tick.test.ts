import assert from 'node:assert/strict'
import type { App } from './app.ts'
import { workOnce } from './tick.ts'

/** An app that remembers what outlives its request. */
function anApp() {
  const background: Promise<unknown>[] = []
  return { app: { background: (work) => void background.push(work) } as App, background }
}

Deno.test('a work that fails keeps the others from nothing', async () => {
  const { app } = anApp()
  const print = console.error
  const lines: string[] = []
  console.error = (line: string) => void lines.push(line)
  try {
    const counts = await workOnce(app, [
      { name: 'broken', run: () => Promise.reject(new Error('no database')) },
      { name: 'well', run: () => Promise.resolve(3) },
    ])
    assert.deepEqual(counts, { broken: null, well: 3 })
  } finally {
    console.error = print
  }
  assert.equal(lines.length, 1)
  assert.match(lines[0]!, /"work":"broken"/)
})

Deno.test('a work that takes too long is left to end by itself', async () => {
  const { app, background } = anApp()
  const slow = Promise.withResolvers<number>()
  const print = console.warn
  console.warn = () => {}
  try {
    const works = [
      { name: 'slow', run: () => slow.promise },
      { name: 'well', run: () => Promise.resolve(1) },
    ]
    assert.deepEqual(await workOnce(app, works, 5), { slow: null, well: 1 })
  } finally {
    console.warn = print
  }
  slow.resolve(7)
  assert.deepEqual(await Promise.all(background), [7, 1])
})
