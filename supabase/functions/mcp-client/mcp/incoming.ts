// What a server sends by itself: questions for a person and log messages, each brought to the call it
// belongs to, and the news that its tools changed. A connection serves several people, so what cannot
// be attributed reaches nobody: a question is then answered with `cancel`.
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Client, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client'
import type { LogLine } from '../../../../shared/happening.ts'
import type { Budget } from './budget.ts'
import { cleanText } from './content.ts'
import { type Elicitation, type ElicitResult, readElicitation } from './elicitation.ts'

/** Whoever waits for an answer of the server, and what they hear meanwhile. */
export type Listener = {
  budget: Budget
  onElicit?: (asked: Elicitation, signal: AbortSignal) => Promise<ElicitResult>
  onLog?: (line: LogLine) => void
}

export type IncomingSettings = { allowed_private_hosts: string[]; onToolsChanged?: () => void }

type InFlight = Listener & {
  /** Made when first asked: most calls ask nothing. */
  over: AbortController | null
  asked: number
  lines: number
  /** A person answers one question at a time. */
  turn: Promise<unknown>
}

const mostAsked = 32
const mostLines = 100
const newsMs = 1_000
const cancelled: ElicitResult = { action: 'cancel' }

/** What was sent in a request’s context is answered in it: the stream it came on says whose it is. */
const current = new AsyncLocalStorage<InFlight | null>()

export class Incoming {
  readonly #settings: IncomingSettings
  readonly #open = new Set<InFlight>()
  #abandoned = false
  #news: ReturnType<typeof setTimeout> | undefined

  constructor(settings: IncomingSettings) {
    this.#settings = settings
  }

  /** A call was given up here. The server may still work on it, and ask for it. */
  get abandoned(): boolean {
    return this.#abandoned
  }

  /**
   * Listens. Questions are taken as they come, for the SDK’s own reading of them has no bounds.
   * Every other request is one for which no capability was declared.
   */
  attend(client: Client): void {
    client.fallbackRequestHandler = async (request, context) => {
      if (request.method === 'elicitation/create') {
        return await this.#ask(request.params, context.mcpReq.signal)
      }
      throw new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found')
    }
    client.setNotificationHandler('notifications/message', ({ params }) => this.#log(params))
    client.setNotificationHandler('notifications/tools/list_changed', () => this.#changed())
  }

  /** Does work that waits for an answer on this connection. */
  async during<T>(listener: Listener, work: () => Promise<T>): Promise<T> {
    const inFlight: InFlight = { ...listener, over: null, asked: 0, lines: 0, turn: idle }
    this.#open.add(inFlight)
    try {
      return await current.run(inFlight, work)
    } finally {
      this.#open.delete(inFlight)
      inFlight.over?.abort()
      this.#abandoned ||= listener.budget.over() !== null
    }
  }

  close(): void {
    clearTimeout(this.#news)
  }

  /**
   * A stream of its own says whose message it is. On a stream for all (legacy SSE, the GET stream) that
   * is certain only while exactly one request waits and none was given up before.
   */
  #addressee(): InFlight | null {
    const own = current.getStore()
    if (own) return this.#open.has(own) ? own : null
    if (this.#open.size !== 1 || this.#abandoned) return null
    return [...this.#open][0] ?? null
  }

  async #ask(params: unknown, withdrawn: AbortSignal): Promise<ElicitResult> {
    const asked = this.#read(params)
    const inFlight = this.#addressee()
    if (!inFlight?.onElicit || ++inFlight.asked > mostAsked) return cancelled
    const { onElicit, budget } = inFlight
    const goOn = budget.pause()
    inFlight.over ??= new AbortController()
    const signal = AbortSignal.any([inFlight.over.signal, budget.signal, withdrawn])
    const turn = inFlight.turn.then(() => signal.aborted ? cancelled : onElicit(asked, signal))
    inFlight.turn = turn.catch(() => {})
    try {
      return onTheWire(asked, await Promise.race([turn, aborted(signal)]))
    } catch {
      return cancelled
    } finally {
      goOn()
    }
  }

  #read(params: unknown): Elicitation {
    try {
      return readElicitation(params, this.#settings.allowed_private_hosts)
    } catch (error) {
      const message = error instanceof Error ? error.message : ''
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, message)
    }
  }

  #log(params: { level: string; logger?: string; data: unknown }): void {
    const inFlight = this.#addressee()
    if (!inFlight?.onLog || ++inFlight.lines > mostLines) return
    const text = typeof params.data === 'string' ? params.data : JSON.stringify(params.data) ?? ''
    inFlight.onLog({
      level: params.level,
      logger: params.logger === undefined ? null : cleanText(params.logger, 200),
      text: cleanText(text),
    })
  }

  #changed(): void {
    const { onToolsChanged } = this.#settings
    if (!onToolsChanged || this.#news !== undefined) return
    this.#news = setTimeout(() => {
      this.#news = undefined
      onToolsChanged()
    }, newsMs)
  }
}

/** Opens something that outlives the request it is opened for: what comes there belongs to none. */
export function inNobodysName<T>(work: () => Promise<T>): Promise<T> {
  return current.run(null, work)
}

const idle: Promise<unknown> = Promise.resolve()

function aborted(signal: AbortSignal): Promise<ElicitResult> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(cancelled)
    else signal.addEventListener('abort', () => resolve(cancelled), { once: true })
  })
}

function onTheWire(asked: Elicitation, { action, content }: ElicitResult): ElicitResult {
  if (action !== 'accept' || asked.mode === 'url') return { action }
  return { action, content: content ?? {} }
}
