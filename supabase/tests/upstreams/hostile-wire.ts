// What the misbehaving servers are written with: one request as they see it, and answers in one line.

export type Rpc = {
  id?: number | string
  method?: string
  params?: { cursor?: string; _meta?: { progressToken?: number | string } }
}
export type Streams = { open: number }
export type Asked = { rpc: Rpc; request: Request; streams: Streams }
export type Misbehave = (asked: Asked) => Response | Promise<Response>

export const mib = 1024 * 1024
export const jsonType = 'application/json'
export const eventType = 'text/event-stream'

export function resultOf(rpc: Rpc, result: Record<string, unknown>) {
  return { jsonrpc: '2.0', id: rpc.id, result: { resultType: 'complete', ...result } }
}

export function textResult(text: string) {
  return { content: [{ type: 'text', text }] }
}

export function tool(name: string, more: Record<string, unknown> = {}) {
  return { name, inputSchema: { type: 'object' }, ...more }
}

export function reply(status: number, type: string, body: BodyInit): Response {
  return new Response(body, { status, headers: { 'content-type': type } })
}

export function json(body: unknown, status = 200): Response {
  return reply(status, jsonType, JSON.stringify(body))
}

/** JSON that `JSON.stringify` would not write: the members of the result are given as text. */
export function rawResult(rpc: Rpc, members: string): Response {
  const id = JSON.stringify(rpc.id)
  const result = `{"resultType":"complete",${members}}`
  return reply(200, jsonType, `{"jsonrpc":"2.0","id":${id},"result":${result}}`)
}

export function redirect(location: string): Response {
  return new Response(null, { status: 307, headers: { location } })
}

export function event(message: unknown, fields = ''): string {
  return `${fields}data: ${JSON.stringify(message)}\n\n`
}

/** An event stream that says all of it and ends. */
export function saying(...events: string[]): Response {
  return reply(200, eventType, events.join(''))
}

/** A body that never ends: `then` again and again, as fast as it is read or `every` so many ms. */
export function pouring(
  streams: Streams,
  body: {
    type: string
    first: string
    then?: string
    every?: number
    headers?: Record<string, string>
  },
): Response {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const piece = body.then === undefined ? null : bytes(body.then)
  let timer: ReturnType<typeof setInterval> | undefined
  streams.open++
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      if (body.first) controller.enqueue(bytes(body.first))
      if (piece && body.every) timer = setInterval(() => controller.enqueue(piece), body.every)
    },
    pull(controller) {
      if (piece && !body.every) controller.enqueue(piece)
      else return new Promise(() => {})
    },
    cancel() {
      clearInterval(timer)
      streams.open--
    },
  })
  return new Response(stream, { headers: { 'content-type': body.type, ...body.headers } })
}
