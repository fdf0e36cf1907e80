// The only owner of MCP clients. Opens, keeps and closes connections to upstream servers, and is the
// one door to them: call a tool, list the tools, try a server. Every failure is an UpstreamError.
import type { ToolResult } from '../../../../shared/execution.ts'
import type { TestStep } from '../../../../shared/server.ts'
import { type Budget, callOn, startBudget, type ToolCall } from './call.ts'
import { cleanText } from './content.ts'
import { guardedFetch } from './egress.ts'
import { httpStatusOf, upstreamFailure } from './failure.ts'
import { listAll, type RawTool } from './listing.ts'
import { nameCheck, type ResolveName } from './names.ts'
import { type Connection, negotiate } from './negotiation.ts'
import { createPool, type Lease } from './pool.ts'
import { probeSteps } from './probe.ts'
import { isStale } from './staleness.ts'
import { type StoredProtocol, type Upstream, UpstreamError } from './upstream.ts'

export type ConnectionSettings = {
  /** `ASTRA_ALLOWED_PRIVATE_HOSTS`, split: `host` or `host:port`. */
  allowed_private_hosts: string[]
  resolve?: ResolveName
  max_bytes?: number
  max_connections?: number
  idle_ms?: number
  connect_ms?: number
  list_ms?: number
  /** No answer is waited for longer than this, whatever a call says. */
  longest_ms?: number
}

/** `protocol` is there when it differs from what was given: store it for the next call. */
export type CallOutcome =
  & ({ kind: 'answered'; result: ToolResult } | {
    kind: 'tool_failed'
    code: number
    message: string
  })
  & { protocol?: StoredProtocol }

export type Listing = {
  tools: RawTool[]
  skipped: number
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
  probe(upstream: Upstream, options?: { signal?: AbortSignal }): Promise<ProbeReport>
  /** Forgets a connection whose server or credential changed. */
  drop(key: string): void
  size(): number
  close(): Promise<void>
}

export function openConnections(settings: ConnectionSettings): Connections {
  const check_name = nameCheck(settings.resolve)
  const longest = settings.longest_ms ?? 600_000
  const fetch = guardedFetch({
    allowed_private_hosts: settings.allowed_private_hosts,
    check_name,
    max_bytes: settings.max_bytes,
    first_byte_ms: longest,
    total_ms: longest,
  })
  const pool = createPool({
    max_connections: settings.max_connections ?? 64,
    idle_ms: settings.idle_ms ?? 60_000,
  })
  /** Keys whose remembered verdict has just proved wrong: the next connect negotiates. */
  const distrusted = new Set<string>()

  function open(upstream: Upstream): Promise<Connection> {
    const believed = distrusted.delete(upstream.key) ? { ...upstream, protocol: null } : upstream
    return negotiate(believed, { fetch, connect_ms: settings.connect_ms ?? 15_000 })
  }

  async function lend(upstream: Upstream, budget: Budget): Promise<Lease> {
    const coming = pool.acquire(upstream.key, () => open(upstream))
    const lease = await Promise.race([coming, ended(budget)]).finally(() => {
      if (budget.over()) coming.then((late) => late.release(), () => {})
    })
    if (lease) return lease
    throw budget.over() ?? new UpstreamError('cancelled', 'The call was cancelled')
  }

  function distrust(key: string) {
    if (distrusted.size >= 1_000) distrusted.clear()
    distrusted.add(key)
  }

  /** Gives null when the connection was stale and the server refused the call unseen: try another. */
  async function attempt(upstream: Upstream, at: { call: ToolCall; budget: Budget }) {
    const lease = await lend(upstream, at.budget)
    const { connection } = lease
    try {
      const answer = await callOn(connection, at)
      connection.unproven = false
      lease.release()
      const changed = connection.protocol !== upstream.protocol &&
        connection.protocol.checked_at !== upstream.protocol?.checked_at
      return { ...answer, ...(changed ? { protocol: connection.protocol } : {}) }
    } catch (error) {
      const failure = at.budget.over() ??
        upstreamFailure(connection.broken ?? error, { calling: true })
      const stale = isStale(error, lease)
      const doubtful = connection.unproven && failure.reason === 'protocol'
      if (doubtful) distrust(upstream.key)
      lease.release({ discard: stale || doubtful || endsConnection(failure) })
      if (stale) return null
      throw failure
    }
  }

  return {
    async callTool(upstream, call) {
      const budget = startBudget({ ...call, max_total_ms: Math.min(call.max_total_ms, longest) })
      try {
        const outcome = await attempt(upstream, { call, budget }) ??
          await attempt(upstream, { call, budget })
        if (outcome) return outcome
        throw new UpstreamError('protocol', 'The server keeps ending its sessions')
      } finally {
        budget.end()
      }
    },
    async listTools(upstream, options = {}) {
      const list_ms = settings.list_ms ?? 60_000
      const budget = startBudget({ ...options, max_total_ms: list_ms })
      pool.drop(upstream.key)
      const lease = await lend({ ...upstream, protocol: null }, budget).catch((error) => {
        budget.end()
        throw error
      })
      try {
        const limits = { signal: budget.signal, timeout_ms: list_ms }
        const listed = await listAll(lease.connection, limits)
        lease.release()
        return { ...listed, ...introduction(lease.connection) }
      } catch (error) {
        lease.release({ discard: true })
        throw budget.over() ?? upstreamFailure(lease.connection.broken ?? error, { calling: false })
      } finally {
        budget.end()
      }
    },
    probe(upstream, options) {
      const { allowed_private_hosts } = settings
      const list = () => this.listTools(upstream, options)
      return probeSteps(upstream, { allowed_private_hosts, check_name, list })
    },
    drop: pool.drop,
    size: pool.size,
    close: pool.close,
  }
}

function ended(budget: Budget): Promise<null> {
  return new Promise((resolve) => {
    if (budget.signal.aborted) return resolve(null)
    budget.signal.addEventListener('abort', () => resolve(null), { once: true })
  })
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
