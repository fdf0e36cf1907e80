// The stack as a newcomer meets it: one command, a ready line, and nothing lost by stopping it.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { createApi } from '../../../scripts/stack/api.ts'
import type { ExecutionAnswer } from '../../../shared/execution.ts'
import { startPostgres } from '../postgres.ts'
import { promises } from '../promises.ts'
import { bare, isRunning, launch, type Launched, launchReady, runScript } from './launch.ts'

const people = [
  'owner@acme.test',
  'admin@acme.test',
  'member@acme.test',
  'analyst@acme.test',
  'owner@globex.test',
]

Deno.test('a first start says where it is, and status tells the rest', async () => {
  const stack = await launchReady({ env: { ASTRA_WEB: 'off' } })
  try {
    const { stdout, stderr } = stack.printed()
    assert.match(stdout, new RegExp(`^Astra is ready at http://127.0.0.1:${stack.port}$`, 'm'))
    assert.match(await stack.line(/owner@acme\.test/), /astra-demo-1/)
    assert.equal(stderr, '')
    const status = await stack.status()
    assert.equal(status.url, `http://127.0.0.1:${stack.port}`)
    assert.equal(status.function_url, `${status.url}/functions/v1/mcp-client`)
    assert.deepEqual(Object.keys(status.pids).sort(), [
      'everything-http',
      'everything-sse',
      'function',
      'stack',
    ])
    for (const pid of Object.values(status.pids)) assert.ok(await isRunning(pid))
    assert.deepEqual(status.demo!.emails, people)
    assert.deepEqual(Object.keys(status.demo!.teams), ['Acme', 'Globex'])
    await everyToolAnswers(stack)
  } finally {
    await stack.stop()
  }
})

Deno.test('what the stack keeps is readable by its owner alone', async () => {
  const stack = await launchReady({ env: bare })
  try {
    await walk(stack.folder, (path, { isDirectory, mode }) => {
      assert.equal(mode! & 0o777, isDirectory ? 0o700 : 0o600, path)
    })
  } finally {
    await stack.stop()
  }
})

Deno.test(promises.restart_loses_nothing, async () => {
  await restartKeepsEverything({})
})

Deno.test('on a real PostgreSQL the same start works, and a restart keeps everything', async () => {
  const postgres = await startPostgres()
  try {
    await restartKeepsEverything({ ASTRA_DATABASE_URL: postgres.url })
  } finally {
    await postgres.stop()
  }
})

Deno.test('a demo that was cut short is completed by the next start', async () => {
  const halfWay = await launchReady({ env: { ...bare, ASTRA_DEMO: 'on' } })
  assert.match(await halfWay.line(/demo is not complete/), /next start tries again/)
  await halfWay.stop('SIGKILL')
  const again = await launchReady({ env: { ASTRA_WEB: 'off' }, folder: halfWay.folder })
  try {
    assert.doesNotMatch(again.printed().stdout, /not complete/)
    await everyToolAnswers(again)
  } finally {
    await again.stop()
  }
})

Deno.test('what someone deleted from the demo stays deleted', async () => {
  const first = await launchReady({ env: { ASTRA_WEB: 'off' } })
  const owner = await signIn(first, 'owner@acme.test')
  const { servers } = await owner.call('list_servers', {})
  await owner.call('remove_server', { server_id: servers[0]!.id })
  await first.stop()
  const second = await launchReady({ env: { ASTRA_WEB: 'off' }, folder: first.folder })
  try {
    const left = await (await signIn(second, 'owner@acme.test')).call('list_servers', {})
    assert.deepEqual(left.servers.map(({ id }) => id), [servers[1]!.id])
  } finally {
    await second.stop()
  }
})

Deno.test('upstreams that find their ports taken move, and their servers with them', async () => {
  const first = await launchReady({ env: { ASTRA_WEB: 'off' } })
  await first.stop()
  const { ports } = JSON.parse(await Deno.readTextFile(join(first.folder, 'demo.json')))
  const squatter = Deno.listen({ hostname: '127.0.0.1', port: ports['everything-http'] })
  const second = await launchReady({ env: { ASTRA_WEB: 'off' }, folder: first.folder })
  try {
    await everyToolAnswers(second)
  } finally {
    squatter.close()
    await second.stop()
  }
})

Deno.test('without the demo a stack starts empty', async () => {
  const stack = await launchReady({ env: { ...bare } })
  try {
    const { demo, url, secret_key } = await stack.status()
    assert.equal(demo, null)
    const teams = await fetch(`${url}/rest/v1/teams`, { headers: { apikey: secret_key } })
    assert.deepEqual(await teams.json(), [])
    assert.doesNotMatch(stack.printed().stdout, /astra-demo-1/)
  } finally {
    await stack.stop()
  }
})

Deno.test('a reset removes what the stack made and nothing else, and not while it runs', async () => {
  const stack = await launchReady({ env: bare })
  const env = { ASTRA_DATA: stack.folder }
  const whileRunning = await runScript('stack/reset.ts', env)
  assert.equal(whileRunning.code, 1)
  assert.match(whileRunning.stderr, /^Nothing was reset: Astra is running/)
  await stack.status()
  await stack.stop()
  await Deno.writeTextFile(join(stack.folder, 'mine.txt'), 'kept')
  const afterwards = await runScript('stack/reset.ts', env)
  assert.equal(afterwards.code, 0)
  const left = await Array.fromAsync(Deno.readDir(stack.folder), ({ name }) => name)
  assert.deepEqual(left, ['mine.txt'])
})

Deno.test('status of a stack that does not run is one line and exit 1', async () => {
  const folder = await Deno.makeTempDir()
  const { code, stdout, stderr } = await runScript('stack/status.ts', { ASTRA_DATA: folder })
  assert.deepEqual({ code, stdout, stderr }, {
    code: 1,
    stdout: '',
    stderr: 'Astra is not running\n',
  })
})

Deno.test('a stop while it starts ends it without a trace', async () => {
  const stack = launch({ env: { ASTRA_WEB: 'off' } })
  await fetchUntilListening(stack.port)
  const code = await stack.stop('SIGINT')
  assert.notEqual(code, 0)
  assert.match(stack.printed().stderr, /^Astra did not start: stopped by SIGINT\n$/)
})

async function restartKeepsEverything(env: Record<string, string>): Promise<void> {
  const first = await launchReady({ env: { ASTRA_WEB: 'off', ...env } })
  const before = await first.status()
  const executions = await everyToolAnswers(first)
  assert.equal(await first.stop(), 0)
  assert.equal(first.printed().stderr, '')
  const second = await launchReady({
    env: { ASTRA_WEB: 'off', ...env },
    folder: first.folder,
    port: first.port,
  })
  try {
    const after = await second.status()
    assert.deepEqual({ ...after, pids: null }, { ...before, pids: null })
    const member = await signIn(second, 'member@acme.test')
    for (const { execution_id, result } of executions) {
      const { execution } = await member.call('get_execution', { execution_id })
      assert.deepEqual([execution.status, execution.output_result], ['success', result])
    }
    await everyToolAnswers(second)
  } finally {
    await second.stop()
  }
}

/** The demo's servers both run their echo tool for a member. Gives what they answered. */
async function everyToolAnswers(stack: Launched): Promise<ExecutionAnswer[]> {
  const member = await signIn(stack, 'member@acme.test')
  const { servers } = await member.call('list_servers', {})
  assert.deepEqual(servers.map(({ name }) => name).sort(), ['Everything', 'Everything SSE'])
  const answers: ExecutionAnswer[] = []
  for (const { id: server_id, name } of servers) {
    const parameters = { message: `through ${name}` }
    const answer = await member.call('call_tool', { server_id, tool_name: 'echo', parameters })
    assert.deepEqual(answer.result?.content, [{ type: 'text', text: `Echo: through ${name}` }])
    answers.push(answer)
  }
  return answers
}

async function signIn(stack: Launched, email: string) {
  const { url, publishable_key } = await stack.status()
  return await createApi(url, publishable_key).signIn(email, 'astra-demo-1')
}

async function walk(
  folder: string,
  look: (path: string, found: Deno.FileInfo) => void,
): Promise<void> {
  look(folder, await Deno.stat(folder))
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name)
    if (isDirectory) await walk(path, look)
    else look(path, await Deno.stat(path))
  }
}

async function fetchUntilListening(port: number): Promise<void> {
  for (;;) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/`)
      await answer.body?.cancel()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}
