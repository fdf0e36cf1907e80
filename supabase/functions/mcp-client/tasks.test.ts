// A worker with its task: a real server of tasks, and a database that answers as each sentence says.
import assert from 'node:assert/strict'
import { begin, tasking } from '../../tests/upstreams/tasking-bench.ts'
import type { Bench } from '../../tests/upstreams/bench.ts'
import type { TaskingServer, Work } from '../../tests/upstreams/tasking.ts'
import type { Admitted } from './admission.ts'
import type { App } from './app.ts'
import type { Going } from './attempt.ts'
import { goLive } from './live.ts'
import { beginTask, followTask } from './tasks.ts'
import type { Reachable } from './upstream-of.ts'
import { beginning, MOST_ROUNDS } from './waiting.ts'

const away = { data: null, error: { code: '57P01', message: 'stopping' } }
const yes = { data: true, error: null }
const seen = { data: { over: false, answer: null }, error: null }

const admitted = {
  execution_id: 'one',
  team_id: 'a-team',
  server: { id: 'a-server', name: 'Demo', config: {} },
  tool: { name: 'work', definition: { name: 'work' }, definition_hash: 'hash' },
} as unknown as Admitted

type Kept = { asked: string[]; app: App }

/** `kept`: what the database says to each keep_task, the last one for ever. */
function appWith(at: Bench, kept: unknown[]): Kept {
  const asked: string[] = []
  const rpc = (name: string) => {
    asked.push(name)
    if (name !== 'keep_task') return Promise.resolve(seen)
    return Promise.resolve(kept.length > 1 ? kept.shift() : kept[0])
  }
  const credentialKeys = [{ version: 1, bytes: new Uint8Array(32) }]
  const app = { db: { service: { rpc } }, settings: { credentialKeys } }
  return { asked, app: { ...app, connections: at.connections } as unknown as App }
}

function going(more: Partial<Going> = {}): Going {
  const { live } = goLive('one', undefined, () => new Promise(() => {}))
  const standing = beginning({})
  return { standing, watch: {}, live, started: performance.now(), waited() {}, ...more }
}

const reachedOf = ({ upstream }: Bench): Reachable => ({
  ok: true,
  upstream,
  secrets: [],
  sealed: null,
})

function onTask(
  sentence: string,
  work: Work,
  tell: (
    at: Bench,
    server: TaskingServer,
    task: Awaited<ReturnType<typeof begin>>,
  ) => Promise<void>,
) {
  Deno.test(
    sentence,
    () =>
      tasking(
        { pollIntervalMs: 250 },
        async (at, server) => tell(at, server, await begin(at, work)),
      ),
  )
}

onTask(
  'a database that is away for a moment ends no task, and is told of it once',
  { polls: 3 },
  async (at, _server, task) => {
    const { app, asked } = appWith(at, [away, away, yes])
    const outcome = await beginTask(app, admitted, { going: going(), reached: reachedOf(at), task })
    assert.equal('status' in outcome && outcome.status, 'success', JSON.stringify(outcome))
    assert.equal(asked.filter((name) => name === 'keep_task').length, 3)
  },
)

onTask(
  'a task whose handle nobody keeps is ended at its server, and may have run',
  { polls: 3 },
  async (at, { recorder }, task) => {
    const { app } = appWith(at, [away])
    const outcome = await beginTask(app, admitted, { going: going(), reached: reachedOf(at), task })
    assert.ok('error' in outcome && outcome.status === 'unknown', JSON.stringify(outcome))
    assert.equal(outcome.error!.code, 'lost')
    assert.equal(recorder.count('tasks/cancel'), 1)
    assert.equal(recorder.count('tasks/get'), 0)
  },
)

onTask(
  'going on with a task writes nothing of it while it works, whatever the database would say',
  { polls: 1 },
  async (at, { recorder }, { task_id }) => {
    const { app, asked } = appWith(at, [away])
    const endpoint = at.upstream.url
    const task = { task_id, endpoint, poll_ms: 250, ttl_ms: null, answered: [] }
    const mine = going({ standing: { ...beginning({}), task } })
    const outcome = await followTask(app, admitted, { going: mine, reached: reachedOf(at) })
    assert.equal('status' in outcome && outcome.status, 'success', JSON.stringify(outcome))
    assert.ok(!asked.includes('keep_task'))
    assert.equal(recorder.count('tasks/get'), 2)
  },
)

const requestedSchema = { type: 'object', properties: { guests: { type: 'integer' } } }
const params = { mode: 'form', message: 'How many?', requestedSchema }
const requests = { q: { method: 'elicitation/create', params } }

for (const rounds of [MOST_ROUNDS - 1, MOST_ROUNDS]) {
  const sentence = rounds < MOST_ROUNDS
    ? 'a task may ask as often as a call'
    : 'a task that asks once too often is ended, here and at its server'
  onTask(sentence, { requests }, async (at, { recorder }, { task_id }) => {
    const { app } = appWith(at, [yes])
    const endpoint = at.upstream.url
    const task = { task_id, endpoint, poll_ms: 250, ttl_ms: null, answered: [] }
    const mine = going({ standing: { ...beginning({}), rounds, task } })
    const outcome = await followTask(app, admitted, { going: mine, reached: reachedOf(at) })
    const over = rounds === MOST_ROUNDS
    assert.equal('error' in outcome && outcome.error!.code, over && 'upstream_protocol')
    assert.equal('wait' in outcome && outcome.wait.standing.rounds, !over && MOST_ROUNDS)
    assert.equal(recorder.count('tasks/cancel'), over ? 1 : 0)
  })
}

onTask(
  'a worker leaves its task before its platform ends it, with what the call took before',
  { polls: 1_000 },
  async (at, { recorder }, task) => {
    const { app } = appWith(at, [yes])
    const mine = going({ started: performance.now() - 239_500 })
    const outcome = await beginTask(app, admitted, { going: mine, reached: reachedOf(at), task })
    assert.deepEqual(outcome, { left: true })
    assert.ok(recorder.count('tasks/get') <= 3)
  },
)
