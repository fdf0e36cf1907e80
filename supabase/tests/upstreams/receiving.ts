// A receiver of webhooks, for watching what arrives there. It verifies with its own reading of Standard
// Webhooks, on Node's crypto: the function signs with another one's code.
import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'

export type Received = { id: string; path: string; headers: Headers; body: string }

export type Receiver = {
  /** Where to send, and the same on another path. */
  url: string
  seen: Received[]
  /** What it answers from now on: statuses one after the other, the last one again and again. */
  answer(...statuses: number[]): void
  /** Answers nothing until released. */
  hold(): void
  release(): void
  /** Resolves when so many requests have arrived in all. */
  arrived(count: number): Promise<void>
  /** Forgets what arrived so far. */
  forget(): void
  stop(): Promise<void>
}

export function startReceiver(): Receiver {
  const seen: Received[] = []
  let statuses = [200]
  let gate = Promise.resolve()
  let open = () => {}
  let waiting: { count: number; resolve: () => void }[] = []
  const http = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, async (request) => {
    const { headers, url } = request
    const body = await request.text()
    seen.push({ id: headers.get('webhook-id') ?? '', path: new URL(url).pathname, headers, body })
    for (const { resolve } of waiting.filter(({ count }) => count <= seen.length)) resolve()
    const status = statuses.length > 1 ? statuses.shift()! : statuses[0]!
    await gate
    return answerOf(status)
  })
  return {
    url: `http://127.0.0.1:${http.addr.port}/hook`,
    seen,
    answer: (...next) => void (statuses = next),
    hold() {
      gate = new Promise((resolve) => open = resolve)
    },
    release: () => open(),
    arrived: (count) =>
      seen.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, resolve })),
    forget() {
      seen.length = 0
      waiting = []
    },
    async stop() {
      open()
      await http.shutdown()
    },
  }
}

/** A redirect names another path of this very receiver; whatever has a body has one without end. */
function answerOf(status: number): Response {
  if (status === 204 || status >= 300 && status < 400) {
    return new Response(null, { status, headers: { location: '/elsewhere' } })
  }
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(16 * 1_024)),
  })
  return new Response(endless, { status })
}

const TOLERANCE_SECONDS = 300

/** Whether a request is what whoever holds this secret would have sent, just now. */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  const [id, at, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    headers.get(`webhook-${name}`)
  )
  const key = /^whsec_([A-Za-z0-9+/]{43}=)$/.exec(secret)?.[1]
  if (!id || !at || !signatures || !key) return false
  if (!(Math.abs(Date.now() / 1_000 - Number(at)) < TOLERANCE_SECONDS)) return false
  const expected = createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${at}.${body}`)
    .digest()
  return signatures.split(' ').some((one) => {
    const [version, signature] = one.split(',')
    const given = Buffer.from(signature ?? '', 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
}
