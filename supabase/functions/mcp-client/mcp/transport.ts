// The streamable HTTP transport as Astra uses it. The SDK’s one leaves three things open that a
// gateway cannot: an answer that never comes on a stream that ended, a stream the server leaves open
// after its answer, and the stream of a call that was given up in the session era. Each ends here.
import {
  type JSONRPCMessage,
  type JSONRPCRequest,
  type RequestId,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client'
import { EgressError } from './egress-error.ts'
import { type GuardedFetch, isEventStream } from './egress.ts'
import { setTaskAside, takesTask } from './task-wire.ts'

type SendOptions = Parameters<StreamableHTTPClientTransport['send']>[1]

type OpenRequest = {
  abort: AbortController
  takesTask: boolean
  answered: boolean
  streaming: boolean
  failure: unknown
  closing?: ReturnType<typeof setTimeout>
}

/** Marks a request on its way to our own fetch, which takes the mark off: it never leaves. */
const mark = 'x-astra-request'
const lingerMs = 1_000
const cancelMs = 5_000
const tellMs = 30_000
const mostAnswers = 64
const listens = { most: 5, withinMs: 60_000 }
/** Server-chosen reconnection delays are kept within this, so that `retry: 0` is no busy loop. */
const reconnectMs = { least: 250, most: 5_000 }

/**
 * A server may ask as fast as it likes, and each question is answered with a request. One that has more
 * than a few of these open at once is not talked to any longer.
 */
export function boundedAnswers<T extends Transport>(transport: T): T {
  const send = transport.send.bind(transport)
  let open = 0
  transport.send = async (message, options) => {
    if ('method' in message) return await send(message, options)
    if (open >= mostAnswers) return await transport.close()
    open++
    await send(message, options).finally(() => open--)
  }
  return transport
}

/** What is on its way to the server, kept up to date: a cancellation should arrive before the end does. */
export function sendingOf(transport: Transport): ReadonlySet<Promise<void>> {
  const send = transport.send.bind(transport)
  const sending = new Set<Promise<void>>()
  transport.send = (message, options) => {
    const one = send(message, options)
    sending.add(one)
    const forget = () => void sending.delete(one)
    one.then(forget, forget)
    return one
  }
  return sending
}

export class HttpTransport extends StreamableHTTPClientTransport {
  readonly #open: Map<RequestId, OpenRequest>

  constructor(url: URL, options: { fetch: GuardedFetch; headers: Record<string, string> }) {
    const open = new Map<RequestId, OpenRequest>()
    super(url, {
      fetch: markedFetch(options.fetch, open),
      requestInit: { headers: options.headers },
      onInsufficientScope: 'throw',
      reconnectionScheduler: (reconnect, delay) => {
        const wait = Math.min(Math.max(delay, reconnectMs.least), reconnectMs.most)
        const timer = setTimeout(reconnect, wait)
        return () => clearTimeout(timer)
      },
    })
    this.#open = open
    this.onmessage = (message) => this.#heard(message)
  }

  override async send(message: JSONRPCMessage | JSONRPCMessage[], options?: SendOptions) {
    if (Array.isArray(message)) return await super.send(message, options)
    if ('method' in message && 'id' in message) return await this.#request(message, options)
    await this.#tell(message, options)
  }

  override async close() {
    for (const id of [...this.#open.keys()]) this.#forget(id)
    await super.close()
  }

  async #request(message: JSONRPCRequest, options: SendOptions) {
    const { id } = message
    const request: OpenRequest = {
      abort: new AbortController(),
      takesTask: takesTask(message),
      answered: false,
      streaming: false,
      failure: null,
    }
    this.#open.set(id, request)
    options?.requestSignal?.addEventListener('abort', () => this.#giveUp(id), { once: true })
    try {
      await super.send(message, {
        ...options,
        headers: { ...options?.headers, [mark]: JSON.stringify(id) },
        requestSignal: request.abort.signal,
        onRequestStreamEnd: () => {
          options?.onRequestStreamEnd?.()
          this.#ended(id)
        },
      })
    } catch (error) {
      this.#forget(id)
      throw error
    }
    if (!request.streaming) this.#ended(id)
  }

  /**
   * A notification, or an answer to a request of the server: nothing comes back, so nothing is waited for
   * long. With a cancelled call of the session era the call’s own stream is closed as well.
   */
  async #tell(message: JSONRPCMessage, options: SendOptions) {
    const cancels = 'method' in message && message.method === 'notifications/cancelled'
    const impatient = new AbortController()
    const timer = setTimeout(() => impatient.abort(), cancels ? cancelMs : tellMs)
    const sending = super.send(message, { ...options, requestSignal: impatient.signal })
    const id = cancels && message.params?.requestId
    if (typeof id === 'string' || typeof id === 'number') this.#giveUp(id)
    await sending.finally(() => clearTimeout(timer))
  }

  #heard(message: JSONRPCMessage) {
    if (!('id' in message) || message.id === undefined || 'method' in message) return
    const request = this.#open.get(message.id)
    if (!request) return
    request.answered = true
    completeByDefault(message)
    if (request.takesTask) setTaskAside(message)
    if (request.streaming) request.closing = setTimeout(() => this.#giveUp(message.id!), lingerMs)
  }

  /** The answer’s body is over. Without an answer in it, the request is answered here, as failed. */
  #ended(id: RequestId) {
    const request = this.#open.get(id)
    if (!request) return
    this.#forget(id)
    if (request.answered) return
    const lost = request.streaming
      ? new EgressError('unreachable', 'The server ended its answer before it was complete', true)
      : new EgressError('protocol', 'The server’s answer does not belong to the request', true)
    const data = request.failure instanceof EgressError ? request.failure : lost
    this.onmessage?.({ jsonrpc: '2.0', id, error: { code: -32_000, message: lost.message, data } })
  }

  #giveUp(id: RequestId) {
    const request = this.#open.get(id)
    this.#forget(id)
    request?.abort.abort()
  }

  #forget(id: RequestId) {
    clearTimeout(this.#open.get(id)?.closing)
    this.#open.delete(id)
  }
}

/**
 * Clients must take an absent `resultType` for `complete` (MCP 2026-07-28, basic, “Result type”). The SDK
 * takes it for a fault, and with that a call that has run for one that failed.
 */
function completeByDefault(message: JSONRPCMessage) {
  const result: unknown = 'result' in message ? message.result : null
  if (typeof result !== 'object' || result === null || 'resultType' in result) return
  Object.assign(result, { resultType: 'complete' })
}

/**
 * The GET stream of the session era brings what belongs to no request. A server may end it whenever it
 * likes, and the SDK opens it again; one that keeps ending it at once is no longer listened to.
 */
function markedFetch(guarded: GuardedFetch, open: Map<RequestId, OpenRequest>) {
  const mayListen = listenLimit()
  return async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    const opens = init.method === 'GET' && !headers.has('last-event-id')
    if (opens && !mayListen()) return new Response(null, { status: 405 })
    const id = headers.get(mark)
    headers.delete(mark)
    const request = id === null ? undefined : open.get(JSON.parse(id))
    const response = await guarded(input, { ...init, headers }, (error) => {
      if (request) request.failure = error
    })
    if (request) request.streaming = response.ok && isEventStream(response)
    return response
  }
}

function listenLimit(): () => boolean {
  let windowEnds = 0
  let left = 0
  return () => {
    if (Date.now() > windowEnds) {
      windowEnds = Date.now() + listens.withinMs
      left = listens.most
    }
    return left-- > 0
  }
}
