// The one origin: decides by path who answers, and hands the request on untouched. Owns no answers of
// its own except /astra.json and "not ready yet". Refuses every name but this machine's own.
import type { Backend } from './backend.ts'
import type { FunctionAddress } from './function-child.ts'

export type Gateway = {
  url: string
  publishableKey: string
  backend: Backend
  functionAddress: FunctionAddress
  /** Everything that is not an API: the web app. */
  site: (request: Request, url: URL) => Promise<Response>
}

const functionPrefix = '/functions/v1'
const functionPath = `${functionPrefix}/mcp-client`

/** Gives the handler for every request of the origin. */
export function createGateway(gateway: Gateway): (request: Request) => Promise<Response> {
  return (request) => {
    const url = new URL(request.url)
    const { pathname } = url
    if (!isOwnName(url.hostname)) {
      return Promise.resolve(refusal(421, 'not_found', 'Astra answers at its own address only'))
    }
    if (pathname === functionPath || pathname.startsWith(`${functionPath}/`)) {
      return toFunction(gateway.functionAddress, request, url)
    }
    if (pathname.startsWith('/rest/v1') || pathname.startsWith('/auth/v1')) {
      return gateway.backend(request)
    }
    if (pathname === '/astra.json') return Promise.resolve(address(gateway))
    if (pathname.startsWith(`${functionPrefix}/`)) {
      return Promise.resolve(refusal(404, 'not_found', 'There is no such function'))
    }
    return gateway.site(request, url)
  }
}

/**
 * Whether a request asks for this machine by a name that only it has. A page elsewhere can let its own
 * name lead here (DNS rebinding): to the browser it would then share our origin, keys and all.
 */
function isOwnName(hostname: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
}

/** Passes a request to the function and its answer back, streaming both ways; a caller who leaves ends both. */
async function toFunction(address: FunctionAddress, request: Request, url: URL): Promise<Response> {
  if (address.port === null) return notReady()
  const headers = new Headers(request.headers)
  // Compressing and decompressing between two processes of one machine would only cost time.
  headers.set('accept-encoding', 'identity')
  headers.delete('host')
  headers.delete('connection')
  const { method, body, signal } = request
  const target = `http://127.0.0.1:${address.port}${
    url.pathname.slice(functionPrefix.length)
  }${url.search}`
  try {
    return await fetch(target, { method, headers, body, signal, redirect: 'manual' })
  } catch (thrown) {
    if (signal.aborted) throw thrown
    return notReady()
  }
}

/** What the web app reads at start to find its backend. */
function address({ url, publishableKey }: Gateway): Response {
  return Response.json({ supabase_url: url, publishable_key: publishableKey }, {
    headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  })
}

function notReady(): Response {
  const answer = refusal(503, 'unavailable', 'The function is starting; try again in a moment')
  answer.headers.set('retry-after', '1')
  return answer
}

function refusal(status: number, code: string, message: string): Response {
  const error = { code, message, request_id: crypto.randomUUID() }
  const headers = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' }
  return Response.json({ error }, { status, headers })
}
