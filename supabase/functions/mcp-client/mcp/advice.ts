// What to do about a step of `test_server` that failed, for someone who runs neither Astra nor the
// server. Pure.
import type { TestStep } from '../../../../shared/server.ts'
import type { UpstreamError } from './upstream.ts'

/** A sentence or two, or null when there is nothing to do. */
export function adviceFor(step: TestStep['step'], failure: UpstreamError): string | null {
  if (failure.reason === 'cancelled') return null
  switch (step) {
    case 'resolve':
      return failure.reason === 'address_refused'
        ? 'Use a public https address. For a server inside your own network, the operator of Astra has to list its host.'
        : 'Check the spelling of the host name, and that it is known outside your own network.'
    case 'tls':
      return /certificate/i.test(failure.message)
        ? 'Whoever runs the server has to renew its certificate, for exactly this host name and with the whole chain.'
        : 'Check the host and port, that the server runs, and that no firewall keeps Astra from it.'
    case 'transport':
      return transportAdvice(failure)
    case 'era':
      return 'The server understands MCP but refused to begin. Whoever runs it has to update it, or look at its logs.'
    case 'sign_in':
      return signInAdvice(failure)
    case 'list_tools':
      return 'The server can be reached, but its list of tools cannot be read. Its logs may say why.'
    case 'safe_call':
      return null
  }
}

function transportAdvice({ reason }: UpstreamError): string {
  if (reason === 'address_refused') {
    return 'If the place it redirects to is the right one, use that address.'
  }
  if (reason === 'unreachable' || reason === 'timeout') {
    return 'Something answers to the address, but not as it should. Try again later, or look at the server’s logs.'
  }
  return 'Check the path: the address of an MCP server often ends in /mcp or /sse. A web page or another API is no MCP server.'
}

function signInAdvice({ challenge, message }: UpstreamError): string {
  if (challenge?.insufficient_scope) return 'Sign in again, and allow what the server asks for.'
  if (message.includes('asks for a credential')) {
    return 'Sign in at the server, or set a credential.'
  }
  return 'The credential may have expired or been revoked. Sign in again, or set a new one.'
}
