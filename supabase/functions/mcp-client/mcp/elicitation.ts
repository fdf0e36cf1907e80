// What a server may ask a person in the middle of a call (MCP 2025-06-18 … 2026-07-28, "Elicitation"):
// reads hostile requests into bounded shapes with clean texts. Asks nobody itself. Pure.
import type { InputAction } from '../../../../shared/execution.ts'
import { isRecord } from '../../../../shared/json.ts'
import type { JsonSchema } from '../../../../shared/tool.ts'
import { judgeAddress } from './address.ts'
import { cleanText } from './content.ts'
import { readForm } from './form.ts'
import { UpstreamError } from './upstream.ts'

export { contentProblems, withDefaults } from './form.ts'

/** Texts are cleaned; `requested_schema` is flat and bounded; `url` is one that a person may open. */
export type Elicitation =
  | { mode: 'form'; message: string; requested_schema: JsonSchema }
  | { mode: 'url'; message: string; url: string; elicitation_id?: string }
export type UrlElicitation = Extract<Elicitation, { mode: 'url' }>

/** MCP `ElicitResult`. `content` only with `accept` of a form. */
export type ElicitResult = { action: InputAction; content?: Record<string, unknown> }

const most = { message: 2_000, url: 8_192, id: 256, requests: 16, state: 256 * 1_024 }
const notMcp = 'The server asked for input in a way that is not MCP'

/** Reads the params of an `elicitation/create`. Throws `UpstreamError` `protocol`. */
export function readElicitation(params: unknown, allowedPrivateHosts: string[]): Elicitation {
  if (!isRecord(params) || typeof params.message !== 'string') throw unusable(notMcp)
  const message = cleanText(params.message, most.message)
  if (params.mode === 'url') {
    const id = params.elicitationId
    return {
      mode: 'url',
      message,
      url: openable(params.url, allowedPrivateHosts),
      ...(typeof id === 'string' && id.length <= most.id ? { elicitation_id: id } : {}),
    }
  }
  if (params.mode !== undefined && params.mode !== 'form') throw unusable(notMcp)
  return { mode: 'form', message, requested_schema: readForm(params.requestedSchema) }
}

/** What an `input_required` result asks (MCP 2026-07-28). Throws `UpstreamError`. */
export function readInputRequests(
  raw: { inputRequests?: unknown; requestState?: unknown },
  allowedPrivateHosts: string[],
): { requests: Record<string, Elicitation>; request_state?: string } {
  const asked = Object.entries(isRecord(raw.inputRequests) ? raw.inputRequests : {})
  const { requestState } = raw
  if (asked.length > most.requests) throw unusable('The server asks for too much input')
  if (typeof requestState === 'string' && requestState.length > most.state) {
    throw new UpstreamError('too_large', 'The server’s request state is too large', { sent: true })
  }
  const requests = asked.map(([key, request]): [string, Elicitation] => {
    if (!isRecord(request) || request.method !== 'elicitation/create') {
      throw unusable('The server asked for something that was never offered to it')
    }
    return [key, readElicitation(request.params, allowedPrivateHosts)]
  })
  return {
    requests: Object.fromEntries(requests),
    ...(typeof requestState === 'string' ? { request_state: requestState } : {}),
  }
}

/** The pages of a `-32042` error (MCP 2025-11-25, “URL Elicitation Required”). Throws `UpstreamError`. */
export function readRequiredPages(
  elicitations: unknown,
  allowedPrivateHosts: string[],
): UrlElicitation[] {
  if (!Array.isArray(elicitations) || elicitations.length === 0) throw unusable(notMcp)
  if (elicitations.length > most.requests) throw unusable('The server asks for too much input')
  return elicitations.map((params) => {
    const read = readElicitation(params, allowedPrivateHosts)
    if (read.mode !== 'url') throw unusable(notMcp)
    return read
  })
}

/** A person opens it in their own browser: another port is theirs to judge, a private host is not. */
function openable(url: unknown, allowedPrivateHosts: string[]): string {
  const verdict = typeof url === 'string' && url.length <= most.url
    ? judgeAddress(url, allowedPrivateHosts)
    : null
  if (verdict?.allowed || (verdict && !verdict.allowed && verdict.reason === 'port')) {
    return new URL(url as string).href
  }
  throw unusable('The server asked to open an address that is not a public web page')
}

function unusable(message: string): UpstreamError {
  return new UpstreamError('protocol', message, { sent: true })
}
