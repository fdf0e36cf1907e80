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
      return failure.reason === 'too_large'
        ? 'The server can be reached, but its list of tools is more than Astra takes. Whoever runs it has to list fewer tools, or describe them in fewer words.'
        : 'The server can be reached, but its list of tools cannot be read. Its logs may say why.'
    case 'safe_call':
      return null
  }
}

function transportAdvice({ reason, message }: UpstreamError): string {
  if (reason === 'address_refused') {
    return 'Ask whoever runs the server for its present address, and change it here.'
  }
  if (reason === 'unreachable' && /HTTP \d/.test(message)) {
    return 'Something answers at the address, but it fails. Try again later, or look at the server’s logs.'
  }
  if (reason === 'unreachable') {
    return 'Check the host and port, that the server runs, and that no firewall keeps Astra from it.'
  }
  if (reason === 'timeout') {
    return 'Check the host and port. If they are right, try again later, or look at the server’s logs.'
  }
  return 'Check the path: the address of an MCP server often ends in /mcp or /sse. A web page or another API is no MCP server.'
}

function signInAdvice({ challenge, message }: UpstreamError): string {
  if (challenge?.insufficient_scope) return 'Sign in again, and allow what the server asks for.'
  if (message.includes('asks for a credential')) {
    return 'Sign in, if the server offers that, or set the key that its owner gave you.'
  }
  return 'The credential may have expired or been revoked. Sign in again, or set a new one.'
}
