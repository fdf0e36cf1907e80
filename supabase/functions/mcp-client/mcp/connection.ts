// The only owner of MCP clients. Opens, keeps and closes connections to upstream servers, and is the
// one door to them: call a tool, list the tools, try a server. Every failure is an UpstreamError.
import type { TestStep } from '../../../../shared/server.ts'
import { startBudget } from './budget.ts'
import { type Answer, callOn, type ToolCall } from './call.ts'
import { cleanText } from './content.ts'
import { guardedFetch } from './egress.ts'
import { createLending } from './lending.ts'
import { listAll, type RawTools } from './listing.ts'
import { nameCheck, type ResolveName } from './names.ts'
import { type Connection, negotiate } from './negotiation.ts'
import type {
  Asking,
  Completion,
  CompletionAsked,
  FilledPrompt,
  PromptAsked,
  PromptList,
  ResourceList,
  ResourceRead,
} from './offers.ts'
import { createPool } from './pool.ts'
import { probeSteps } from './probe.ts'
import type { StoredProtocol, Upstream, UpstreamError } from './upstream.ts'

export type ConnectionSettings = {
  /** `ASTRA_ALLOWED_PRIVATE_HOSTS`, split: `host` or `host:port`. */
  allowed_private_hosts: string[]
  /** Tests inject this; otherwise the runtime’s DNS. */
  resolve?: ResolveName
  max_bytes?: number
  max_connections?: number
  idle_ms?: number
  connect_ms?: number
  list_ms?: number
  /** No answer is waited for longer than this, whatever a call says. */
  longest_ms?: number
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

export type Connections = {
  /** One upstream request when warm. Throws `UpstreamError`; repeats nothing that may have run. */
  callTool(upstream: Upstream, call: ToolCall): Promise<CallOutcome>
  /** Negotiates afresh, so that its `protocol` is today’s. Throws `UpstreamError`. */
  listTools(upstream: Upstream, options?: { signal?: AbortSignal }): Promise<Listing>
  /** Tries a server step by step; what fails is in the steps. */
  probe(
    upstream: Upstream,
    options?: { signal?: AbortSignal; onStep?: (step: TestStep) => void },
  ): Promise<ProbeReport>
  /** Asks for a sign of life: `ping`, or `server/discover` on 2026-07-28. */
  ping(upstream: Upstream, options?: Asking): Promise<void>
  /** Empty when the server offers none. */
  listResources(upstream: Upstream, options?: Asking): Promise<ResourceList>
  /** `UpstreamError` `protocol` when the server offers no resources, or not this one. */
  readResource(upstream: Upstream, uri: string, options?: Asking): Promise<ResourceRead>
  /** Empty when the server offers none. */
  listPrompts(upstream: Upstream, options?: Asking): Promise<PromptList>
  getPrompt(upstream: Upstream, asked: PromptAsked, options?: Asking): Promise<FilledPrompt>
  /** No suggestions when the server offers no completion. */
  complete(upstream: Upstream, asked: CompletionAsked, options?: Asking): Promise<Completion>
  size(): number
  close(): Promise<void>
}

type Limits = Required<
  Omit<ConnectionSettings, 'allowed_private_hosts' | 'resolve' | 'onToolsChanged'>
>
const defaults: Limits = {
  max_bytes: 4 * 1024 * 1024,
  max_connections: 64,
  idle_ms: 60_000,
  connect_ms: 15_000,
  list_ms: 60_000,
  longest_ms: 600_000,
}

export function openConnections(settings: ConnectionSettings): Connections {
  return new PooledConnections(settings)
}

/** How long a person may take to answer, at most; the caller’s signal ends the waiting sooner. */
const longestWaitMs = 60 * 60 * 1_000

class PooledConnections implements Connections {
  readonly #limits
  readonly #settings
  readonly #checkName
  readonly #fetch
  readonly #pool
  readonly #lending

  constructor(settings: ConnectionSettings) {
    this.#limits = { ...defaults, ...settings }
    this.#settings = settings
    this.#checkName = nameCheck(settings.resolve)
    this.#fetch = guardedFetch({
      allowed_private_hosts: settings.allowed_private_hosts,
      check_name: this.#checkName,
      max_bytes: this.#limits.max_bytes,
      first_byte_ms: this.#limits.longest_ms,
      total_ms: this.#limits.longest_ms + longestWaitMs,
    })
    this.#pool = createPool(this.#limits)
    this.#lending = createLending(this.#pool, (upstream) => this.#open(upstream))
  }

  async callTool(upstream: Upstream, call: ToolCall): Promise<CallOutcome> {
    const budget = startBudget({
      signal: call.signal,
      max_total_ms: Math.min(call.max_total_ms, this.#limits.longest_ms),
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

  listTools(upstream: Upstream, options: { signal?: AbortSignal } = {}): Promise<Listing> {
    return this.#list(upstream, options)
  }

  probe(upstream: Upstream, options: { signal?: AbortSignal } = {}): Promise<ProbeReport> {
    return probeSteps(upstream, {
      allowed_private_hosts: this.#settings.allowed_private_hosts,
      check_name: this.#checkName,
      list: (onConnected) => this.#list(upstream, { ...options, onConnected }),
    })
  }

  ping(): Promise<void> {
    return Promise.reject(new Error('not yet'))
  }
  listResources(): Promise<ResourceList> {
    return Promise.reject(new Error('not yet'))
  }
  readResource(): Promise<ResourceRead> {
    return Promise.reject(new Error('not yet'))
  }
  listPrompts(): Promise<PromptList> {
    return Promise.reject(new Error('not yet'))
  }
  getPrompt(): Promise<FilledPrompt> {
    return Promise.reject(new Error('not yet'))
  }
  complete(): Promise<Completion> {
    return Promise.reject(new Error('not yet'))
  }

  size(): number {
    return this.#pool.size()
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  async #list(
    upstream: Upstream,
    options: Asking & { onConnected?: (protocol: StoredProtocol) => void },
  ): Promise<Listing> {
    const timeout_ms = this.#limits.list_ms
    const budget = startBudget({ signal: options.signal, max_total_ms: timeout_ms })
    try {
      return await this.#lending.runAfresh(upstream, {
        listener: { budget },
        calling: false,
        run: async (connection) => {
          options.onConnected?.(connection.protocol)
          const listed = await listAll(connection, { signal: budget.signal, timeout_ms })
          return { ...listed, ...introduction(connection) }
        },
      })
    } finally {
      budget.end()
    }
  }

  #open(upstream: Upstream): Promise<Connection> {
    const { allowed_private_hosts, onToolsChanged } = this.#settings
    return negotiate(upstream, {
      fetch: this.#fetch,
      connect_ms: this.#limits.connect_ms,
      allowed_private_hosts,
      ...(onToolsChanged ? { onToolsChanged: () => onToolsChanged(upstream.key) } : {}),
    })
  }
}

function introduction(connection: Connection) {
  const { client, protocol } = connection
  const instructions = client.getInstructions()
  const version = client.getServerVersion()
  return {
    protocol,
    instructions: instructions === undefined ? null : cleanText(instructions, 20_000),
    server_info: version
      ? { name: cleanText(version.name, 200), version: cleanText(version.version, 100) }
      : null,
  }
}
