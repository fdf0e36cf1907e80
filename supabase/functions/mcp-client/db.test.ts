// What the function makes of a database that answers late, not at all, or only that it is away.
import assert from 'node:assert/strict'
import { openDatabase, read } from './db.ts'
import { AppError } from './http.ts'

const DEADLINE_MS = 200

/** Asks a Data API that answers like this: once with a call, which is never sent again, once with a read. */
async function ask(answer: (request: Request) => Response | Promise<Response>) {
  const end = new AbortController()
  let asked = 0
  const http = Deno.serve(
    { hostname: '127.0.0.1', port: 0, signal: end.signal, onListen() {} },
    (request) => (asked++, answer(request)),
  )
  const supabaseUrl = `http://127.0.0.1:${http.addr.port}`
  const { service } = openDatabase(
    { supabaseUrl, secretKey: 's', publishableKey: 'p' },
    DEADLINE_MS,
  )
  const codeOf = (thrown: unknown) => thrown instanceof AppError ? thrown.code : String(thrown)
  const started = performance.now()
  const call = await read(service.rpc('begin_execution')).then(() => 'answered', codeOf)
  const rows = await read(service.from('mcp_servers').select('id')).then(() => 'answered', codeOf)
  const took_ms = performance.now() - started
  end.abort()
  await http.finished
  return { call, rows, asked, took_ms }
}

/** Until its client leaves. */
function never(request: Request): Promise<Response> {
  return new Promise((resolve) => {
    request.signal.addEventListener('abort', () => resolve(new Response()))
  })
}

Deno.test('a database that never answers is unavailable once the deadline has passed, and is not asked again', async () => {
  const { call, rows, asked, took_ms } = await ask(never)
  assert.deepEqual({ call, rows, asked }, { call: 'unavailable', rows: 'unavailable', asked: 2 })
  assert.ok(took_ms < 20 * DEADLINE_MS, `it took ${took_ms} ms`)
})

Deno.test('a database that begins to answer and never ends is unavailable as well', async () => {
  const { call, rows, took_ms } = await ask((request) => {
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode('['))
        await never(request)
      },
    })
    return new Response(body, { headers: { 'content-type': 'application/json' } })
  })
  assert.deepEqual({ call, rows }, { call: 'unavailable', rows: 'unavailable' })
  assert.ok(took_ms < 20 * DEADLINE_MS, `it took ${took_ms} ms`)
})

Deno.test('a Data API that cannot reach its database says unavailable, not that something is wrong here', async () => {
  for (const code of ['PGRST000', 'PGRST002', '08006', '53300', '57P01', '57P03']) {
    const away = () => Response.json({ code, message: 'away' }, { status: 500 })
    assert.equal((await ask(away)).call, 'unavailable', code)
  }
  const wrong = await ask(() => Response.json({ code: '42703', message: 'x' }, { status: 400 }))
  assert.match(wrong.call, /database error 42703/)
})
