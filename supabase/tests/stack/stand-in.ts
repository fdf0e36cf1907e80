// A function for tests of the stack alone. It tries what a function must not be able to do, shows what it
// was given, and streams, so that tests can see what passes between a caller and it.
import '../../../scripts/stack/leash.mjs'

let abandoned = 0

async function attempt(act: () => unknown): Promise<string> {
  try {
    await act()
    return 'allowed'
  } catch (thrown) {
    return thrown instanceof Error ? thrown.name : 'refused'
  }
}

async function trespass(): Promise<Record<string, string>> {
  const outside = new URL('../../../package.json', import.meta.url).pathname
  return {
    read: await attempt(() => Deno.readTextFile(outside)),
    write: await attempt(() => Deno.writeTextFile('/tmp/astra-trespass', '')),
    run: await attempt(() => new Deno.Command('/bin/true').output()),
    ffi: await attempt(() => Deno.dlopen('libc.so.6', {})),
    sys: await attempt(() => Deno.networkInterfaces()),
    environment: Object.keys(Deno.env.toObject()).sort().join(','),
  }
}

/** Says its first word at once and goes on until the reader leaves. */
function endless(): Response {
  let timer: ReturnType<typeof setInterval> | undefined
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('data: first\n\n'))
      timer = setInterval(() => controller.enqueue(new TextEncoder().encode('data: more\n\n')), 20)
    },
    cancel() {
      clearInterval(timer)
      abandoned++
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** Never answers; notices when the caller leaves. */
function silent(request: Request): Promise<Response> {
  return new Promise((resolve) => {
    request.signal.addEventListener('abort', () => {
      abandoned++
      resolve(new Response())
    })
  })
}

Deno.serve({
  hostname: '127.0.0.1',
  port: Number(Deno.env.get('ASTRA_FUNCTION_PORT')),
  onListen: () => {},
}, async (request) => {
  const { pathname, search } = new URL(request.url)
  switch (pathname) {
    case '/mcp-client/health':
      return Response.json({ ok: true })
    case '/mcp-client/tick':
      return Response.json({})
    case '/mcp-client/trespass':
      return Response.json(await trespass())
    case '/mcp-client/endless':
      return endless()
    case '/mcp-client/silent':
      return silent(request)
    case '/mcp-client/abandoned':
      return Response.json(abandoned)
    case '/mcp-client/mirror':
      // The first part of the answer leaves before the last part of the request has come.
      return new Response(request.body, {
        headers: { 'x-seen': `${request.method} ${pathname}${search}` },
      })
    default:
      return Response.json({ error: { code: 'not_found' } }, { status: 404 })
  }
})
