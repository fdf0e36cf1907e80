// Turns whatever the SDK, the transport or the runtime threw into one UpstreamError.
// Reads upstream text to classify, never repeats it.
import {
  ProtocolError,
  ResourceNotFoundError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SseError,
} from '@modelcontextprotocol/client'
import { EgressError, type EgressReason } from './egress-error.ts'
import { UpstreamError, type UpstreamReason } from './upstream.ts'

const reasonOfEgress: Record<EgressReason, UpstreamReason> = {
  address_refused: 'address_refused',
  redirected: 'address_refused',
  unresolvable: 'unreachable',
  unreachable: 'unreachable',
  protocol: 'protocol',
  too_large: 'too_large',
  timeout: 'timeout',
}

const notMcp = 'The server did not answer in the MCP protocol'

/** `calling`: whether the failure came while a tool was being called, so that it may have run. */
export function upstreamFailure(error: unknown, { calling }: { calling: boolean }): UpstreamError {
  const own = ownErrorIn(error)
  if (own instanceof UpstreamError) return own
  if (own) {
    return new UpstreamError(reasonOfEgress[own.reason], own.message, { sent: calling && own.sent })
  }
  const status = httpStatusOf(error)
  if (status !== null) return failureOfStatus(status, calling)
  return failureOfSdk(error, calling)
}

/** The HTTP status an upstream refused with, or null when the failure was of another kind. */
export function httpStatusOf(error: unknown): number | null {
  if (error instanceof SdkHttpError) return error.status
  if (error instanceof SseError) return error.code ?? null
  // The legacy SSE transport says a refused POST only in words.
  const said = error instanceof Error &&
    /^Error POSTing to endpoint \(HTTP (\d{3})\)/.exec(error.message)
  return said ? Number(said[1]) : null
}

function failureOfStatus(status: number, calling: boolean): UpstreamError {
  if (status >= 500) {
    const message = `The server failed with HTTP ${status}`
    return new UpstreamError('unreachable', message, { sent: calling })
  }
  if (status === 429) return new UpstreamError('protocol', 'The server is too busy (HTTP 429)')
  if (status < 400) return new UpstreamError('protocol', notMcp, { sent: calling })
  return new UpstreamError('protocol', `The server refused the request (HTTP ${status})`)
}

function failureOfSdk(error: unknown, calling: boolean): UpstreamError {
  const fail = (reason: UpstreamReason, message: string) =>
    new UpstreamError(reason, message, { sent: calling })
  if (error instanceof SseError) return fail('unreachable', 'The server’s event stream broke')
  if (error instanceof ProtocolError) {
    const message = error instanceof ResourceNotFoundError
      ? 'The server has no such resource'
      : `The server refused the request (MCP error ${error.code})`
    return new UpstreamError('protocol', message, { sent: calling, spoken: true })
  }
  if (!(error instanceof SdkError)) return fail('protocol', notMcp)
  switch (error.code) {
    case SdkErrorCode.RequestTimeout:
      return fail('timeout', 'The server did not answer in time')
    case SdkErrorCode.ConnectionClosed:
    case SdkErrorCode.NotConnected:
    case SdkErrorCode.SendFailed:
      return fail('unreachable', 'The connection to the server broke')
    case SdkErrorCode.UnsupportedResultType:
      return fail('protocol', unsupported(error))
    case SdkErrorCode.InvalidResult:
      return fail('protocol', 'The server’s answer does not follow the MCP protocol')
    default:
      return fail('protocol', notMcp)
  }
}

function unsupported(error: SdkError): string {
  const { resultType } = (error.data ?? {}) as { resultType?: unknown }
  return resultType === 'input_required'
    ? 'The server asked for input, which it may do only when a tool is called'
    : 'The server answered in a way that this version of MCP does not know'
}

function ownErrorIn(error: unknown): UpstreamError | EgressError | null {
  for (let link = error, depth = 0; link instanceof Error && depth < 5; depth++) {
    if (link instanceof EgressError || link instanceof UpstreamError) return link
    // A transport that lost a stream answers the request itself, with the reason as `data`.
    if (link instanceof ProtocolError && link.data instanceof EgressError) return link.data
    link = link.cause
  }
  return null
}
