// The processes beside the stack: what they may do, that they come back, and that none outlives it.
import assert from 'node:assert/strict'
import { bare, isRunning, launchReady, until } from './launch.ts'

for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL'] as const) {
  Deno.test(`when the stack ends by ${signal}, so does every child`, async () => {
    const stack = await launchReady({ env: { ASTRA_WEB: 'off' } })
    const { pids } = await stack.status()
    assert.equal(Object.keys(pids).length, 4)
    await stack.stop(signal)
    for (const [name, pid] of Object.entries(pids)) {
      await until(`${name} ends`, async () => !await isRunning(pid))
    }
    // Nothing was cut off: the next start finds everything.
    const again = await launchReady({ env: { ASTRA_WEB: 'off' }, folder: stack.folder })
    assert.doesNotMatch(again.printed().stdout, /not complete/)
    await again.stop()
  })
}

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  Deno.test(`when npm is ended by ${signal}, the stack it started ends too`, async () => {
    const stack = await launchReady({ env: bare, command: ['npm', 'start', '--silent'] })
    const { pids } = await stack.status()
    stack.child.kill(signal)
    for (const [name, pid] of Object.entries(pids)) {
      await until(`${name} ends`, async () => !await isRunning(pid))
    }
    await assert.rejects(stack.status(), /Astra is not running/)
  })
}

Deno.test('a child that dies is said and started again', async () => {
  const stack = await launchReady({ env: bare })
  try {
    const before = await stack.status()
    Deno.kill(before.pids.function!, 'SIGKILL')
    assert.equal(
      await stack.line(/function ended/),
      'function ended (SIGKILL); starting it again in 0.25 s',
    )
    await until('the function answers again', async () => {
      const answer = await fetch(`${before.function_url}/health`)
      await answer.body?.cancel()
      return answer.ok
    })
    const after = await stack.status()
    assert.notEqual(after.pids.function, before.pids.function)
    assert.ok(await isRunning(after.pids.function!))
  } finally {
    await stack.stop()
  }
})

Deno.test('what a killed function left open ends as soon as there is a new one', async () => {
  const stack = await launchReady({ env: { ASTRA_WEB: 'off' } })
  try {
    const { pids, url, secret_key } = await stack.status()
    const rest = async (path: string, body?: Record<string, unknown>) => {
      const answer = await fetch(`${url}/rest/v1/${path}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          apikey: secret_key,
          'content-type': 'application/json',
          Prefer: 'return=representation',
        },
        body: body && JSON.stringify(body),
      })
      return await answer.json()
    }
    const [tool] = await rest('mcp_tools?select=team_id,server_id,tool_id:id&limit=1')
    Deno.kill(pids.function!, 'SIGKILL')
    const [{ id }] = await rest('mcp_tool_executions', {
      ...tool,
      status: 'running',
      input_parameters: {},
      lease_expires_at: new Date(Date.now() - 1_000).toISOString(),
    })
    const ended = async () =>
      (await rest(`mcp_tool_executions?id=eq.${id}`))[0].status === 'unknown'
    // The clock rings every 15 seconds, and every second while nobody hears it.
    await until('the row ends', ended, 30_000)
  } finally {
    await stack.stop()
  }
})

Deno.test('while the function is away its callers are told to come back', async () => {
  const stack = await launchReady({ env: bare })
  try {
    const { pids, function_url } = await stack.status()
    Deno.kill(pids.function!, 'SIGKILL')
    await until('the function is away', async () => !await isRunning(pids.function!))
    const answer = await fetch(function_url, { method: 'POST', body: '{}' })
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('retry-after'), '1')
    assert.equal((await answer.json()).error.code, 'unavailable')
  } finally {
    await stack.stop()
  }
})

Deno.test('the function can use the network and its own variables, nothing else', async () => {
  const env = { ...bare, ASTRA_MODEL_NAME: 'some-model', SOME_SECRET: 'of the operator' }
  const stack = await launchReady({ env })
  try {
    const { function_url } = await stack.status()
    const { environment, ...rights } = await (await fetch(`${function_url}/trespass`)).json()
    const refused = 'NotCapable'
    assert.deepEqual(rights, {
      read: refused,
      write: refused,
      run: refused,
      ffi: refused,
      sys: refused,
    })
    assert.deepEqual(environment.split(','), [
      'ASTRA_ALLOWED_PRIVATE_HOSTS',
      'ASTRA_CREDENTIAL_KEYS',
      'ASTRA_FUNCTION_PORT',
      'ASTRA_JWT_SECRET',
      'ASTRA_KEY_PEPPER',
      'ASTRA_MODEL_NAME',
      'ASTRA_VAPID_KEYS',
      'SUPABASE_PUBLISHABLE_KEY',
      'SUPABASE_SECRET_KEY',
      'SUPABASE_URL',
    ])
  } finally {
    await stack.stop()
  }
})

Deno.test('the demo’s upstreams listen on loopback only', async () => {
  const stack = await launchReady({ env: { ASTRA_WEB: 'off' } })
  try {
    const outside = Deno.networkInterfaces().find(({ family, address }) =>
      family === 'IPv4' && address !== '127.0.0.1'
    )
    assert.ok(outside, 'this machine has no address to try')
    const { ports } = JSON.parse(await Deno.readTextFile(`${stack.folder}/demo.json`))
    for (const port of Object.values<number>(ports)) {
      await assert.rejects(
        Deno.connect({ hostname: outside.address, port }),
        Deno.errors.ConnectionRefused,
      )
    }
  } finally {
    await stack.stop()
  }
})
