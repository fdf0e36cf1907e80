import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'

const child = fileURLToPath(new URL('../../../tests/upstreams/collecting.ts', import.meta.url))

Deno.test('bodies end when their caller lets go or their time is up, whatever was collected since', async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-check', '--v8-flags=--expose-gc', child],
    stderr: 'inherit',
  }).output()
  const late = 'The server did not answer in time'
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), [
    { end: 'let go', left: true },
    { end: late, left: true },
    { end: late, left: true },
  ])
})
