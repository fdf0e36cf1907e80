// An authorization server and an MCP server behind it, each on an origin of its own, speaking the true
// protocols: RFC 9728, RFC 8414 or OpenID discovery, RFC 7591, PKCE, RFC 8707, RFC 9207, rotation, RFC 7009.
// Its people consent at once. What it does wrong is only what a test tells it to.
import { Books, type Client, type Grant } from './authorization-tokens.ts'
import { type Call, protectedServer } from './authorization-resource.ts'

/** What a test may change, at any time. */
export type Behaviour = {
  /** Who is signed in at the authorization server in the browser. */
  user: string
  discovery: 'oauth' | 'oidc'
  /** Laid over the metadata; undefined removes a field. */
  metadata: Record<string, unknown>
  /** Laid over the protected resource metadata. */
  resource_metadata: Record<string, unknown>
  /** False: only `WWW-Authenticate` says where the metadata is. */
  well_known: boolean
  registers: boolean
  /** Registered clients get a secret. */
  secrets: boolean
  iss: 'right' | 'absent'
  denies: boolean
  /** The MCP server wants more scope for `change`, whatever a token holds. */
  never_enough: boolean
  seconds: number
  refresh: boolean
  /** The token endpoint waits for this before it answers. */
  hold: Promise<void>
  /** The token endpoint fails like this. */
  token_status: number | null
}

export type Fixture = {
  issuer: string
  /** The MCP endpoint. */
  url: string
  behaviour: Behaviour
  books: Books
  seen: {
    metadata: number
    registrations: Record<string, unknown>[]
    authorizations: URLSearchParams[]
    tokens: URLSearchParams[]
    revoked: string[]
    calls: Call[]
  }
  stop(): Promise<void>
}

const usual = (): Behaviour => ({
  user: 'ann',
  discovery: 'oauth',
  metadata: {},
  resource_metadata: {},
  well_known: true,
  registers: true,
  secrets: true,
  iss: 'right',
  denies: false,
  never_enough: false,
  seconds: 3_600,
  refresh: true,
  hold: Promise.resolve(),
  token_status: null,
})

export function startAuthorization(change: Partial<Behaviour> = {}): Fixture {
  const end = new AbortController()
  const behaviour = { ...usual(), ...change }
  const books = new Books()
  const seen: Fixture['seen'] = {
    metadata: 0,
    registrations: [],
    authorizations: [],
    tokens: [],
    revoked: [],
    calls: [],
  }
  const listen = { hostname: '127.0.0.1', port: 0, signal: end.signal, onListen() {} }
  let issuer = ''
  const http = Deno.serve(listen, (request) => route(request, { issuer, behaviour, books, seen }))
  issuer = `http://127.0.0.1:${http.addr.port}`
  const resource = protectedServer({ issuer, behaviour, books, calls: seen.calls, listen })
  return {
    issuer,
    url: resource.url,
    behaviour,
    books,
    seen,
    async stop() {
      await resource.close()
      end.abort()
      await http.finished
    },
  }
}

type Desk = Pick<Fixture, 'issuer' | 'behaviour' | 'books' | 'seen'>

function route(request: Request, desk: Desk): Response | Promise<Response> {
  const { pathname } = new URL(request.url)
  const oauth = desk.behaviour.discovery === 'oauth'
  switch (pathname) {
    case '/.well-known/oauth-authorization-server':
      return oauth ? metadata(desk) : new Response(null, { status: 404 })
    case '/.well-known/openid-configuration':
      return oauth ? new Response(null, { status: 404 }) : metadata(desk)
    case '/register':
      return register(request, desk)
    case '/authorize':
      return authorize(request, desk)
    case '/token':
      return token(request, desk)
    case '/revoke':
      return revoke(request, desk)
  }
  return new Response(null, { status: 404 })
}

function metadata({ issuer, behaviour, seen }: Desk): Response {
  seen.metadata++
  return Response.json({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    ...(behaviour.registers && { registration_endpoint: `${issuer}/register` }),
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: behaviour.iss === 'right',
    jwks_uri: `${issuer}/jwks`,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    ...behaviour.metadata,
  })
}

async function register(request: Request, { behaviour, books, seen }: Desk): Promise<Response> {
  const asked = await request.json() as Record<string, unknown>
  seen.registrations.push(asked)
  const client = books.register(asked.redirect_uris as string[], behaviour.secrets)
  return Response.json({ ...asked, ...client }, { status: 201 })
}

/** RFC 6749 §4.1.1: whoever is signed in consents at once. */
function authorize(request: Request, { issuer, behaviour, books, seen }: Desk): Response {
  const asked = new URL(request.url).searchParams
  seen.authorizations.push(asked)
  const client = books.clients.get(asked.get('client_id') ?? '')
  const redirect_uri = asked.get('redirect_uri') ?? ''
  if (!client?.redirect_uris.includes(redirect_uri)) {
    return new Response('unknown client', { status: 400 })
  }
  if (asked.get('code_challenge_method') !== 'S256') {
    return new Response('PKCE is required', { status: 400 })
  }
  const back = new URL(redirect_uri)
  back.searchParams.set('state', asked.get('state') ?? '')
  if (behaviour.iss === 'right') back.searchParams.set('iss', issuer)
  if (behaviour.denies) {
    back.searchParams.set('error', 'access_denied')
    back.searchParams.set('error_description', 'words-of-a-stranger')
  } else {
    const code = books.code({
      user: behaviour.user,
      scope: asked.get('scope') ?? '',
      resource: asked.get('resource'),
      client_id: client.client_id,
      family: crypto.randomUUID(),
      challenge: asked.get('code_challenge') ?? '',
      redirect_uri,
    })
    back.searchParams.set('code', code)
  }
  return new Response(null, { status: 302, headers: { location: back.href } })
}

async function token(request: Request, desk: Desk): Promise<Response> {
  const form = new URLSearchParams(await request.text())
  const { behaviour, books, seen } = desk
  seen.tokens.push(form)
  await behaviour.hold
  if (behaviour.token_status !== null) {
    const body = `trouble with ${form.get('refresh_token') ?? form.get('code')}`
    return new Response(body, { status: behaviour.token_status })
  }
  const client = authenticated(request, { form, books })
  if (!client) return refusal('invalid_client', 401)
  const grant = await grantOf(form, { client, books })
  if (!grant) return refusal('invalid_grant', 400)
  const { seconds, refresh } = behaviour
  const renews = refresh && form.get('grant_type') !== 'client_credentials'
  return Response.json(books.issue(grant, { seconds, refresh: renews }))
}

async function grantOf(
  form: URLSearchParams,
  { client, books }: { client: Client; books: Books },
): Promise<Grant | null> {
  switch (form.get('grant_type')) {
    case 'authorization_code': {
      const code = books.codes.get(form.get('code') ?? '')
      books.codes.delete(form.get('code') ?? '')
      const isTheirs = code?.client_id === client.client_id &&
        code.redirect_uri === form.get('redirect_uri') && code.resource === form.get('resource') &&
        code.challenge === await s256(form.get('code_verifier') ?? '')
      return isTheirs ? code : null
    }
    case 'refresh_token': {
      const grant = books.spend(form.get('refresh_token') ?? '')
      return grant?.client_id === client.client_id && grant.resource === form.get('resource')
        ? grant
        : null
    }
    case 'client_credentials':
      return client.machine
        ? {
          user: client.client_id,
          scope: form.get('scope') ?? '',
          resource: form.get('resource'),
          client_id: client.client_id,
          family: crypto.randomUUID(),
        }
        : null
  }
  return null
}

/** RFC 6749 §2.3.1. */
function authenticated(
  request: Request,
  { form, books }: { form: URLSearchParams; books: Books },
): Client | null {
  const basic = /^Basic (.+)$/.exec(request.headers.get('authorization') ?? '')
  const [id, secret] = basic
    ? atob(basic[1]!).split(':')
    : [form.get('client_id') ?? '', form.get('client_secret') ?? undefined]
  const client = books.clients.get(id ?? '')
  return client && client.client_secret === secret ? client : null
}

async function revoke(request: Request, { books, seen }: Desk): Promise<Response> {
  const form = new URLSearchParams(await request.text())
  if (!authenticated(request, { form, books })) return refusal('invalid_client', 401)
  const value = form.get('token') ?? ''
  seen.revoked.push(value)
  const grant = books.refresh.get(value) ?? books.access.get(value)
  if (grant) books.forget(grant.family)
  return new Response(null)
}

function refusal(error: string, status: number): Response {
  return Response.json({ error, error_description: 'words-of-a-stranger' }, { status })
}

async function s256(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
