// The only owner of MCP clients. Opens, keeps and closes connections to upstream servers, and is the
// one door to them: call a tool, list the tools, try a server. Every failure is an UpstreamError.
import type { Completion } from '../../../../shared/context.ts'
import type { TestStep } from '../../../../shared/server.ts'
import { startBudget } from './budget.ts'
import { type Answer, callOn, type ToolCall } from './call.ts'
import { openEgress } from './egress.ts'
import type { ElicitResult } from './elicitation.ts'
import { createLending } from './lending.ts'
import { followTools, introduction, listAll, type RawTools } from './listing.ts'
import { nameCheck, type ResolveName } from './names.ts'
import { type Connection, negotiate } from './negotiation.ts'
import * as offers from './offers.ts'
import { createPool } from './pool.ts'
import { type ListingWatch, probeSteps } from './probe.ts'
import * as tasks from './tasks.ts'
import type { StoredProtocol, Upstream, UpstreamError } from './upstream.ts'

export type ConnectionSettings = {
  /** `ASTRA_ALLOWED_PRIVATE_HOSTS`, split: `host` or `host:port`. */
  allowed_private_hosts: string[]
  /** Tests inject this; otherwise the runtime’s DNS. */
  resolve?: ResolveName
  max_connections?: number
  idle_ms?: number
  connect_ms?: number
  list_ms?: number
  /** A server said that its tools have changed. Gets the `key` of the upstream. */
  onToolsChanged?: (upstream_key: string) => void
}

/** `protocol` is there when it differs from what was given: store it for the next call. */
export type CallOutcome = Answer & { protocol?: StoredProtocol }

export type Listing = RawTools & {
  instructions: string | null
  server_info: { name: string; version: string } | null
  protocol: StoredProtocol
}

export type ProbeReport = {
  steps: TestStep[]
  tools_found: number
  protocol: StoredProtocol | null
  error: UpstreamError | null
}

/** Ends early when the signal fires. */
export type Asking = { signal?: AbortSignal }
/** `max_ms`: how long it may take. `in_passing`: no connection stays open for its sake. */
export type Pinging = Asking & { max_ms?: number; in_passing?: boolean }

export type Connections = {
  /** One upstream request when warm. Throws `UpstreamError`; repeats nothing that may have run. */
  callTool(upstream: Upstream, call: ToolCall): Promise<CallOutcome>
  /** Negotiates afresh, so that its `protocol` is today’s. Throws `UpstreamError`. */
  listTools(upstream: Upstream, options?: Asking): Promise<Listing>
  /**
   * As `listTools`, on the connection there is: a server that tells of changes as soon as one connects
   * would otherwise be read for ever.
   */
  rereadTools(upstream: Upstream, options?: Asking): Promise<Listing>
  /** Tries a server step by step; what fails is in the steps. */
  probe(
    upstream: Upstream,
    options?: Asking & { onStep?: (step: TestStep) => void },
  ): Promise<ProbeReport>
  /** Asks for a sign of life: `ping`, or `server/discover` on 2026-07-28. */
  ping(upstream: Upstream, options?: Pinging): Promise<void>
  /** Empty when the server offers none. */
  listResources(upstream: Upstream, options?: Asking): Promise<offers.ResourceList>
  /** `UpstreamError` `protocol` when the server offers no resources, or not this one. */
  readResource(upstream: Upstream, uri: string, options?: Asking): Promise<offers.ResourceRead>
  /** Empty when the server offers none. */
  listPrompts(upstream: Upstream, options?: Asking): Promise<offers.PromptList>
  getPrompt(
    upstream: Upstream,
    asked: offers.PromptAsked,
    options?: Asking,
  ): Promise<offers.FilledPrompt>
  /** No suggestions when the server offers no completion. */
  complete(
    upstream: Upstream,
    asked: offers.CompletionAsked,
    options?: Asking,
  ): Promise<Completion>
  /** Once, with nothing but the handle, whichever process has it. Throws `UpstreamError`, see tasks.ts. */
  pollTask(
    upstream: Upstream,
    asked: tasks.TaskAsked,
    options?: Asking,
  ): Promise<tasks.TaskState>
  cancelTask(upstream: Upstream, task_id: string, options?: Asking): Promise<void>
  answerTask(
    upstream: Upstream,
    task_id: string,
    responses: Record<string, ElicitResult>,
    options?: Asking,
  ): Promise<void>
  size(): number
  close(): Promise<void>
}

type Limits = Required<
  Omit<ConnectionSettings, 'allowed_private_hosts' | 'resolve' | 'onToolsChanged'>
>
const defaults: Limits = {
  max_connections: 64,
  idle_ms: 60_000,
  connect_ms: 15_000,
  list_ms: 60_000,
}

export function openConnections(settings: ConnectionSettings): Connections {
  return new PooledConnections(settings)
}

/** No answer is waited for longer than this, whatever a call says. */
const longestMs = 600_000
const mostBytes = 4 * 1024 * 1024
/** How long a person may take to answer, at most; the caller’s signal ends the waiting sooner. */
const longestWaitMs = 60 * 60 * 1_000

type Work<T> = (connection: Connection, signal: AbortSignal) => Promise<T>
type Asked<T> = { asking: Pinging; work: Work<T> }

class PooledConnections implements Connections {
  readonly #limits
  readonly #settings
  readonly #checkName
  readonly #egress
  readonly #pool
  readonly #lending

  constructor(settings: ConnectionSettings) {
    this.#limits = { ...defaults, ...settings }
    this.#settings = settings
    this.#checkName = nameCheck(settings.resolve)
    this.#egress = openEgress({
      allowed_private_hosts: settings.allowed_private_hosts,
      check_name: this.#checkName,
      max_bytes: mostBytes,
      first_byte_ms: longestMs,
      total_ms: longestMs + longestWaitMs,
    })
    this.#pool = createPool(this.#limits)
    this.#lending = createLending(this.#pool, {
      open: (...given) => this.#open(...given),
      doubt: ({ url }) => this.#egress.doubt(url),
    })
  }

  async callTool(upstream: Upstream, call: ToolCall): Promise<CallOutcome> {
    const budget = startBudget({
      signal: call.signal,
      max_total_ms: Math.min(call.max_total_ms, longestMs),
      silence_ms: call.timeout_ms,
    })
    const { onElicit, onLog } = call
    try {
      const { value, protocol } = await this.#lending.run(upstream, {
        listener: { budget, onElicit, onLog },
        calling: true,
        run: (connection) => callOn(connection, { call, budget }),
      })
      return protocol ? { ...value, protocol } : value
    } finally {
      budget.end()
    }
  }

  listTools(upstream: Upstream, options: Asking = {}): Promise<Listing> {
    return this.#list(upstream, options)
  }

  async rereadTools(upstream: Upstream, asking: Asking = {}): Promise<Listing> {
    const work: Work<Listing> = async (connection, signal) => {
      const listed = await listAll(connection, signal)
      return { ...listed, ...introduction(connection) }
    }
    return await this.#ask(upstream, { asking, work })
  }

  probe(
    upstream: Upstream,
    { signal, onStep }: Asking & { onStep?: (step: TestStep) => void } = {},
  ): Promise<ProbeReport> {
    return probeSteps(upstream, {
      allowed_private_hosts: this.#settings.allowed_private_hosts,
      check_name: this.#checkName,
      list: (watch) => this.#list(upstream, { signal, ...watch }),
      onStep,
    })
  }

  ping(upstream: Upstream, asking: Pinging = {}): Promise<void> {
    return this.#ask(upstream, { asking, work: offers.ping })
  }

  listResources(upstream: Upstream, asking: Asking = {}): Promise<offers.ResourceList> {
    return this.#ask(upstream, { asking, work: offers.listResources })
  }

  readResource(upstream: Upstream, uri: string, asking: Asking = {}) {
    const work: Work<offers.ResourceRead> = (on, signal) => offers.readResource(on, uri, signal)
    return this.#ask(upstream, { asking, work })
  }

  listPrompts(upstream: Upstream, asking: Asking = {}): Promise<offers.PromptList> {
    return this.#ask(upstream, { asking, work: offers.listPrompts })
  }

  getPrompt(upstream: Upstream, asked: offers.PromptAsked, asking: Asking = {}) {
    const work: Work<offers.FilledPrompt> = (on, signal) => offers.getPrompt(on, asked, signal)
    return this.#ask(upstream, { asking, work })
  }

  complete(upstream: Upstream, asked: offers.CompletionAsked, asking: Asking = {}) {
    const work: Work<Completion> = (on, signal) => offers.complete(on, asked, signal)
    return this.#ask(upstream, { asking, work })
  }

  pollTask(upstream: Upstream, asked: tasks.TaskAsked, asking: Asking = {}) {
    const work: Work<tasks.TaskState> = (on, signal) => tasks.pollTask(on, asked, signal)
    return this.#ask(upstream, { asking, work })
  }

  cancelTask(upstream: Upstream, task_id: string, asking: Asking = {}): Promise<void> {
    const work: Work<void> = (on, signal) => tasks.cancelTask(on, task_id, signal)
    return this.#ask(upstream, { asking, work })
  }

  answerTask(
    upstream: Upstream,
    task_id: string,
    responses: Record<string, ElicitResult>,
    asking: Asking = {},
  ): Promise<void> {
    const work: Work<void> = (on, signal) => tasks.answerTask(on, { task_id, responses }, signal)
    return this.#ask(upstream, { asking, work })
  }

  size(): number {
    return this.#pool.size()
  }

  async close(): Promise<void> {
    await this.#pool.close()
    this.#egress.close()
  }

  async #list(
    upstream: Upstream,
    { signal, onConnected, onAnswer }: Asking & Partial<ListingWatch>,
  ): Promise<Listing> {
    const budget = startBudget({ signal, max_total_ms: this.#limits.list_ms })
    try {
      return await this.#lending.runAfresh(upstream, {
        listener: { budget },
        calling: false,
        onAnswer,
        run: async (connection) => {
          onConnected?.(connection.protocol)
          const listed = await listAll(connection, budget.signal)
          if (this.#settings.onToolsChanged) followTools(connection)
          return { ...listed, ...introduction(connection) }
        },
      })
    } finally {
      budget.end()
    }
  }

  async #ask<T>(upstream: Upstream, { asking, work }: Asked<T>): Promise<T> {
    const { signal, max_ms = this.#limits.list_ms, in_passing } = asking
    const budget = startBudget({ signal, max_total_ms: max_ms })
    try {
      const { value } = await this.#lending.run(upstream, {
        listener: { budget },
        calling: false,
        in_passing,
        run: (connection) => work(connection, budget.signal),
      })
      return value
    } finally {
      budget.end()
    }
  }

  #open(upstream: Upstream, onAnswer?: () => void): Promise<Connection> {
    const { allowed_private_hosts, onToolsChanged } = this.#settings
    return negotiate(upstream, {
      fetch: this.#egress.fetch,
      connect_ms: this.#limits.connect_ms,
      allowed_private_hosts,
      onAnswer,
      ...(onToolsChanged ? { onToolsChanged: () => onToolsChanged(upstream.key) } : {}),
    })
  }
}
