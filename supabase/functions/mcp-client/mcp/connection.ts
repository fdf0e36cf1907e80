// The only owner of MCP clients. Opens, keeps and closes connections to upstream servers, and is the
// one door to them: call a tool, list the tools, try a server. Every failure is an UpstreamError.
import type { TestStep } from '../../../../shared/server.ts'
import { type Answer, type Budget, callOn, startBudget, type ToolCall } from './call.ts'
import { cleanText } from './content.ts'
import { guardedFetch } from './egress.ts'
import { upstreamFailure } from './failure.ts'
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
import { createPool, type Lease } from './pool.ts'
import { probeSteps } from './probe.ts'
import { isStale } from './staleness.ts'
import { type StoredProtocol, type Upstream, UpstreamError } from './upstream.ts'

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

const notYet = new UpstreamError('protocol', 'Not offered yet')

class PooledConnections implements Connections {
  readonly #limits
  readonly #allowed
  readonly #checkName
  readonly #fetch
  readonly #pool
  /** Keys whose remembered verdict has just proved wrong: the next connect negotiates. */
  readonly #distrusted = new Set<string>()

  constructor(settings: ConnectionSettings) {
    this.#limits = { ...defaults, ...settings }
    this.#allowed = settings.allowed_private_hosts
    this.#checkName = nameCheck(settings.resolve)
    this.#fetch = guardedFetch({
      allowed_private_hosts: this.#allowed,
      check_name: this.#checkName,
      max_bytes: this.#limits.max_bytes,
      first_byte_ms: this.#limits.longest_ms,
      total_ms: this.#limits.longest_ms,
    })
    this.#pool = createPool(this.#limits)
  }

  async callTool(upstream: Upstream, call: ToolCall): Promise<CallOutcome> {
    const max_total_ms = Math.min(call.max_total_ms, this.#limits.longest_ms)
    const budget = startBudget({ signal: call.signal, max_total_ms })
    try {
      const outcome = await this.#attempt(upstream, { call, budget }) ??
        await this.#attempt(upstream, { call, budget })
      if (outcome) return outcome
      throw new UpstreamError('protocol', 'The server keeps ending its sessions')
    } finally {
      budget.end()
    }
  }

  listTools(upstream: Upstream, options: { signal?: AbortSignal } = {}): Promise<Listing> {
    return this.#list(upstream, options)
  }

  probe(upstream: Upstream, options: { signal?: AbortSignal } = {}): Promise<ProbeReport> {
    return probeSteps(upstream, {
      allowed_private_hosts: this.#allowed,
      check_name: this.#checkName,
      list: (onConnected) => this.#list(upstream, { ...options, onConnected }),
    })
  }

  ping(): Promise<void> {
    return Promise.reject(notYet)
  }
  listResources(): Promise<ResourceList> {
    return Promise.reject(notYet)
  }
  readResource(): Promise<ResourceRead> {
    return Promise.reject(notYet)
  }
  listPrompts(): Promise<PromptList> {
    return Promise.reject(notYet)
  }
  getPrompt(): Promise<FilledPrompt> {
    return Promise.reject(notYet)
  }
  complete(): Promise<Completion> {
    return Promise.reject(notYet)
  }

  size(): number {
    return this.#pool.size()
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  /** Gives null when the connection was stale and the server refused the call unseen: try another. */
  async #attempt(
    upstream: Upstream,
    at: { call: ToolCall; budget: Budget },
  ): Promise<CallOutcome | null> {
    const lease = await this.#lend(upstream, at.budget)
    const { connection } = lease
    try {
      const answer = await callOn(connection, at)
      connection.unproven = false
      lease.release()
      return isKnown(connection.protocol, upstream.protocol)
        ? answer
        : { ...answer, protocol: connection.protocol }
    } catch (error) {
      const failure = at.budget.over() ??
        upstreamFailure(connection.broken ?? error, { calling: true })
      const stale = isStale(error, lease)
      const doubtful = connection.unproven && failure.reason === 'protocol'
      if (doubtful) this.#distrust(upstream.key)
      lease.release({ discard: stale || doubtful || endsConnection(failure) })
      if (stale) return null
      throw failure
    }
  }

  async #list(
    upstream: Upstream,
    options: { signal?: AbortSignal; onConnected?: (protocol: StoredProtocol) => void },
  ): Promise<Listing> {
    const timeout_ms = this.#limits.list_ms
    const budget = startBudget({ signal: options.signal, max_total_ms: timeout_ms })
    let lease: Lease | null = null
    try {
      this.#pool.drop(upstream.key)
      lease = await this.#lend({ ...upstream, protocol: null }, budget)
      options.onConnected?.(lease.connection.protocol)
      const listed = await listAll(lease.connection, { signal: budget.signal, timeout_ms })
      lease.release()
      return { ...listed, ...introduction(lease.connection) }
    } catch (error) {
      lease?.release({ discard: true })
      const cause = lease?.connection.broken ?? error
      throw budget.over() ?? upstreamFailure(cause, { calling: false })
    } finally {
      budget.end()
    }
  }

  /** A connection that is still opening when the budget ends goes on opening, for the next caller. */
  async #lend(upstream: Upstream, budget: Budget): Promise<Lease> {
    const coming = this.#pool.acquire(upstream.key, () => this.#open(upstream))
    const lease = await Promise.race([coming, budget.ended])
    if (lease) return lease
    coming.then((late) => late.release(), () => {})
    throw budget.over() ?? new UpstreamError('cancelled', 'The call was cancelled')
  }

  #open(upstream: Upstream): Promise<Connection> {
    const doubted = this.#distrusted.delete(upstream.key)
    return negotiate(doubted ? { ...upstream, protocol: null } : upstream, {
      fetch: this.#fetch,
      connect_ms: this.#limits.connect_ms,
    })
  }

  #distrust(key: string): void {
    if (this.#distrusted.size >= 1_000) this.#distrusted.clear()
    this.#distrusted.add(key)
  }
}

function isKnown(found: StoredProtocol, given: StoredProtocol | null): boolean {
  return found.checked_at === given?.checked_at && found.transport === given.transport
}

/** After these the next call starts from a new connection. A slow tool does not condemn its connection. */
function endsConnection(failure: UpstreamError): boolean {
  return failure.reason === 'unreachable' || failure.reason === 'unauthorized'
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
