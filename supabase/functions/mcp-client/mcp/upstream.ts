// What the rest of the function says about an upstream MCP server, and how a call to one fails.
// No I/O. Messages of an UpstreamError are our own sentences: safe to show, log and store.
import type { ExecutionError } from '../../../../shared/execution.ts'

/** What a server was found to speak. Kept by the caller and handed back: it spares the next connect a probe. */
export type StoredProtocol = {
  era: 'modern' | 'legacy'
  protocol_version: string
  transport: 'streamable_http' | 'sse'
  /** Modern only: the server’s `server/discover` answer, to be stored and returned untouched. */
  discover?: Record<string, unknown>
  /** ISO time. A legacy verdict older than a day is ignored: an upgraded server still answers to it. */
  checked_at: string
}

export type Upstream = {
  /** Who shares a connection: team + server + credential version + configuration. */
  key: string
  server_type: 'http' | 'sse'
  url: string
  /** The opened credential, as headers; sent with every request to this server and to no other. */
  headers: Record<string, string>
  /** Secrets that the admin insisted on sending in the address; added to every request to this server. */
  query: Record<string, string>
  protocol: StoredProtocol | null
}

export type UpstreamReason =
  | 'unreachable'
  | 'unauthorized'
  | 'protocol'
  | 'too_large'
  | 'address_refused'
  | 'timeout'
  | 'cancelled'

const executionCode: Record<UpstreamReason, ExecutionError['code']> = {
  unreachable: 'upstream_unreachable',
  unauthorized: 'upstream_unauthorized',
  protocol: 'upstream_protocol',
  too_large: 'upstream_too_large',
  address_refused: 'address_refused',
  timeout: 'timeout',
  cancelled: 'cancelled',
}

/** What a server said when it refused the credential (RFC 6750 §3, RFC 9728 §5.1). Hostile text: never shown. */
export type Challenge = {
  /** True for 403 `insufficient_scope`: signed in, but not for this. */
  insufficient_scope: boolean
  scope: string | null
  resource_metadata: string | null
}

export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  /** True when the request may have reached the tool: it must not be repeated. */
  readonly sent: boolean
  /** True when the server refused in MCP itself: what it speaks is right, what was asked is not. */
  readonly spoken: boolean
  /** With `unauthorized`: what the server asked for. */
  readonly challenge: Challenge | null

  constructor(
    readonly reason: UpstreamReason,
    message: string,
    options: { sent?: boolean; spoken?: boolean; challenge?: Challenge } = {},
  ) {
    super(message)
    this.sent = options.sent ?? false
    this.spoken = options.spoken ?? false
    this.challenge = options.challenge ?? null
  }

  get code(): ExecutionError['code'] {
    return executionCode[this.reason]
  }
}
