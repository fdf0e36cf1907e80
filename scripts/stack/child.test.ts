import assert from 'node:assert/strict'
import { type ChildPlan, keepChild } from './child.ts'

function plan(
  script: string,
  chosen: Partial<ChildPlan> = {},
): ChildPlan & { said: string[]; logged: string[] } {
  const said: string[] = []
  const logged: string[] = []
  return {
    said,
    logged,
    name: 'worker',
    launch: () => ({ command: '/bin/sh', args: ['-c', script], env: {}, cwd: '/' }),
    isReady: () => Promise.resolve(true),
    log: {
      write: (part) =>
        void logged.push(typeof part === 'string' ? part : new TextDecoder().decode(part)),
      close: () => {},
    },
    show: false,
    say: (line) => void said.push(line),
    ...chosen,
  }
}

Deno.test('a child that never becomes of use is given up, with pauses that grow', async () => {
  const failing = plan('exit 3', { isReady: () => Promise.resolve(false) })
  const child = keepChild(failing)
  await assert.rejects(child.ready, /worker ended 5 times \(code 3\)/)
  assert.deepEqual(
    failing.said,
    [0.25, 0.5, 1, 2].map((pause) => `worker ended (code 3); starting it again in ${pause} s`),
  )
  await child.stop()
})

Deno.test('a child that ignores a polite end is ended all the same', async () => {
  const stubborn = plan('trap "" TERM; while :; do sleep 0.05; done')
  const child = keepChild(stubborn)
  await child.ready
  await child.stop()
  assert.throws(() => Deno.kill(child.pid, 'SIGCONT'), Deno.errors.NotFound)
  assert.deepEqual(stubborn.said, [])
})

Deno.test('what a child prints goes to its log, and it sees no environment but its own', async () => {
  const printing = plan('echo "$HOME-$OWN"; exec sleep 10', {
    launch: () => ({
      command: '/bin/sh',
      args: ['-c', 'echo "[$HOME][$OWN]"; exec sleep 10'],
      env: { OWN: 'mine' },
      cwd: '/',
    }),
    isReady: () => Promise.resolve(printing.logged.length > 0),
  })
  const child = keepChild(printing)
  await child.ready
  assert.equal(printing.logged.join(''), '[][mine]\n')
  await child.stop()
})

Deno.test('a child that is being stopped is not started again', async () => {
  let starts = 0
  const short = plan('sleep 0.1', { onStart: () => void starts++ })
  const child = keepChild(short)
  await child.ready
  await child.stop()
  assert.equal(starts, 1)
})
