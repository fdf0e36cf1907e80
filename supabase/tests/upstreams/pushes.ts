// A push service, for watching what arrives there.
import { type Browser, startSubscription } from './push-browser.ts'

export type Arrived = { path: string; headers: Headers; body: Uint8Array }

export type PushService = {
  /** A browser with a subscription here. */
  subscribe(): Browser
  seen: Arrived[]
  /** What it answers from now on: statuses one after the other, the last one again and again. */
  answer(...statuses: number[]): void
  /** Resolves with the newest message once so many have arrived in all. */
  arrived(count: number): Promise<Arrived>
  forget(): void
  stop(): Promise<void>
}

export function startPushService(): PushService {
  const seen: Arrived[] = []
  let statuses = [201]
  let waiting: { count: number; resolve: () => void }[] = []
  const http = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, async (request) => {
    const body = new Uint8Array(await request.arrayBuffer())
    seen.push({ path: new URL(request.url).pathname, headers: request.headers, body })
    for (const { resolve } of waiting.filter(({ count }) => count <= seen.length)) resolve()
    const status = statuses.length > 1 ? statuses.shift()! : statuses[0]!
    return new Response(null, { status, headers: { location: '/elsewhere', 'retry-after': '7' } })
  })
  return {
    subscribe: () =>
      startSubscription(`http://127.0.0.1:${http.addr.port}/push/${crypto.randomUUID()}`),
    seen,
    answer: (...next) => void (statuses = next),
    async arrived(count) {
      if (seen.length < count) {
        await new Promise<void>((resolve) => waiting.push({ count, resolve }))
      }
      return seen[count - 1]!
    },
    forget() {
      seen.length = 0
      waiting = []
    },
    stop: () => http.shutdown(),
  }
}
