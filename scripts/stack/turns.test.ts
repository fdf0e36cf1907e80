import assert from 'node:assert/strict'
import { atOnce, createTurns } from './turns.ts'

/** Two pieces of work that would mix if they ran at once. */
async function trace(run: typeof atOnce): Promise<string> {
  const seen: string[] = []
  const work = (name: string) => async () => {
    seen.push(`${name}1`)
    await new Promise((resolve) => setTimeout(resolve))
    seen.push(`${name}2`)
  }
  await Promise.all([run(work('a')), run(work('b'))])
  return seen.join(' ')
}

Deno.test('work that takes turns never mixes', async () => {
  assert.equal(await trace(createTurns()), 'a1 a2 b1 b2')
  assert.equal(await trace(atOnce), 'a1 b1 a2 b2')
})

Deno.test('a turn that fails passes the turn on and keeps its failure', async () => {
  const turn = createTurns()
  const failed = turn(() => Promise.reject(new Error('mine')))
  const next = turn(() => Promise.resolve('yours'))
  await assert.rejects(failed, /mine/)
  assert.equal(await next, 'yours')
})
