import assert from 'node:assert/strict'
import { Hono } from 'hono'
import type { Happening } from '../../../shared/happening.ts'
import type { Variables } from './http.ts'
import { tellAll } from './lines.ts'

const progress: Happening = {
  event: 'progress',
  progress: { progress: 1, total: null, message: null },
}

type Work = Parameters<typeof tellAll>[1]

async function ask(work: Work): Promise<Response> {
  const doors = new Hono<Variables>().get('/', (c) => tellAll(c, work))
  return await doors.request('/')
}

async function linesOf(response: Response): Promise<{ event: string }[]> {
  return (await response.text()).trim().split('\n').map((line) => JSON.parse(line))
}

Deno.test('a reader who does not keep up is not kept everything for, and hears the end', async () => {
  const response = await ask((tell) => {
    for (let told = 0; told < 50_000; told++) tell(progress)
    return Promise.resolve('ended')
  })
  const lines = await linesOf(response)
  assert.deepEqual(lines.at(-1), { event: 'answer', answer: 'ended' })
  assert.ok(lines.length > 500 && lines.length < 2_000, String(lines.length))
})

Deno.test('what happens after the answer is told to nobody, and harms nothing', async () => {
  let tellLater: Parameters<Work>[0] = () => {}
  const response = await ask((tell) => {
    tellLater = tell
    return Promise.resolve('waits')
  })
  const lines = await linesOf(response)
  tellLater(progress)
  assert.deepEqual(lines, [{ event: 'answer', answer: 'waits' }])
})
