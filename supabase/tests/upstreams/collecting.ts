// Run as a process with `--v8-flags=--expose-gc`: begins to read bodies that never end, has the garbage
// collected, and says as one line of JSON how each reading ended and whether the server was let go.
import { guardedFetch } from '../../functions/mcp-client/mcp/egress.ts'
import { until } from './bench.ts'

const collect = (globalThis as unknown as { gc(): void }).gc

/** Answers with the beginning of a body and nothing more. */
function startEndless(type: string) {
  const seen = { left: false }
  const listen = { port: 0, hostname: '127.0.0.1', onListen() {} }
  const http = Deno.serve(listen, () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(': begun\n\n')),
      cancel: () => void (seen.left = true),
    })
    return new Response(body, { headers: { 'content-type': type } })
  })
  return { seen, host: `127.0.0.1:${http.addr.port}` }
}

async function endOf(type: string, { method, lets_go }: { method: string; lets_go: boolean }) {
  const server = startEndless(type)
  const fetch = guardedFetch({ allowed_private_hosts: [server.host], total_ms: 500 })
  const caller = new AbortController()
  const response = fetch(`http://${server.host}/`, { method, signal: caller.signal })
  const end = response.then((answer) => answer.text()).then(() => 'read', (error) => error.message)
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    collect()
  }
  if (lets_go) caller.abort(new Error('let go'))
  const left = await until(() => server.seen.left).then(() => true, () => false)
  return { end: left ? await end : 'still reading', left }
}

const stream = 'text/event-stream'
console.log(JSON.stringify([
  await endOf(stream, { method: 'GET', lets_go: true }),
  await endOf(stream, { method: 'POST', lets_go: false }),
  await endOf('application/json', { method: 'POST', lets_go: false }),
]))
Deno.exit()
