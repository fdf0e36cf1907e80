// What stands between the function and its project, or its upstream: passes every request on, unless
// someone who was shown it has it break. node:http, because a connection must be cut without a word.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

export type Passing = { method: string; path: string; body: string }
export type Moment = 'before' | 'after'
/** `refuse`: an HTTP 500. `cut`: the connection is reset. `hang`: nothing comes until the other side leaves. */
export type Fate = 'pass' | 'refuse' | 'cut' | 'hang'

export type Observer = {
  /** Whether it wants to be shown this request. Others are streamed through. */
  wants(passing: Passing): boolean
  /** What happens to it: before it is passed on, and after it was carried out, with its answer. */
  meet(passing: Passing, moment: Moment, answer: string | null): Promise<Fate>
}

/** Listens on loopback in front of `target`; what is in `parts` ends it. Gives its origin. */
export async function standBetween(
  parts: AsyncDisposableStack,
  target: string,
  observer: Observer,
): Promise<string> {
  const server = createServer((request, response) => {
    const left = new AbortController()
    response.on('close', () => left.abort())
    pass(request, { response, target, observer, left: left.signal }).catch(() => cut(response))
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  parts.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

type Place = { response: ServerResponse; target: string; observer: Observer; left: AbortSignal }

async function pass(request: IncomingMessage, place: Place): Promise<void> {
  const { response, target, observer, left } = place
  const passing: Passing = {
    method: request.method!,
    path: request.url!,
    body: await text(request),
  }
  const shown = observer.wants(passing)
  if (shown && await breaks(await observer.meet(passing, 'before', null), place)) return
  // What is shown is carried out whoever has left meanwhile, as a server does that has read its request.
  const answer = await fetch(`${target}${passing.path}`, {
    method: passing.method,
    headers: headersOf(request.headers),
    body: passing.body || null,
    redirect: 'manual',
    signal: shown ? null : left,
  })
  const headers = Object.fromEntries(headersOf(Object.fromEntries(answer.headers)))
  if (!shown) {
    response.writeHead(answer.status, headers)
    if (answer.body) {
      Readable.fromWeb(answer.body as never).on('error', () => cut(response)).pipe(response)
    } else response.end()
    return
  }
  const said = await answer.text()
  if (await breaks(await observer.meet(passing, 'after', said), place)) return
  response.writeHead(answer.status, headers).end(said)
}

/** True when nothing more is to be done for the request. */
async function breaks(fate: Fate, { response, left }: Place): Promise<boolean> {
  if (fate === 'refuse') response.writeHead(500).end('broken on purpose')
  if (fate === 'cut') cut(response)
  if (fate === 'hang' && !left.aborted) {
    await new Promise((resolve) => left.addEventListener('abort', resolve, { once: true }))
  }
  return fate !== 'pass'
}

function cut(response: ServerResponse): void {
  response.socket?.destroy()
}

function headersOf(headers: IncomingHttpHeaders): Headers {
  const kept = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' && !ours.includes(name)) kept.set(name, value)
  }
  return kept
}

/** What belongs to a connection and not to what travels on it. */
const ours = [
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'accept-encoding',
]
