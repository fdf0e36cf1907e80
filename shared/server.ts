// An MCP server a team added, as clients see it. Its secret is never part of any shape here.
import { z } from 'zod'
import { account } from './execution.ts'
import { id, timestamp } from './team.ts'

const serverTypes = ['http', 'sse', 'stdio'] as const
export const serverType = z.enum(serverTypes)

export const serverConfig = z.strictObject({
  url: z.string().min(1).max(2_048).describe('Address of the MCP endpoint'),
  /** Further addresses of the same server: calls are spread over all of them. */
  replicas: z.array(z.string().min(1).max(2_048)).min(1).max(7).optional(),
})
/** What a stdio host will run. Accepted and kept; nothing here starts a process. */
export const stdioConfig = z.strictObject({
  command: z.string().min(1).max(256),
  args: z.array(z.string().max(4_096)).max(64).default([]),
  env: z.record(z.string().max(128), z.string().max(4_096)).default({}),
})

const secret = z.string().min(1).max(16_384)
/** RFC 6749 §3.3: tokens parted by single spaces. */
const scope = z.string().max(2_048).regex(
  /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/,
  'is not a scope',
)
/** A secret that travels in a header as it is (RFC 9110 §5.5, without what no server agrees on). */
const headerSecret = secret.trim()
  .regex(/^[\t\x20-\x7e]+$/, 'may hold only plain characters on one line: it travels in a header')
/** Any header but those that MCP and Astra speak with each other by. */
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, 'is not a header name')
  .regex(
    /^(?!(?:mcp-(?:session-id|protocol-version|method|name)$|mcp-param-|x-astra-))/i,
    'belongs to the protocol',
  )

/** When it stops working, where its owner knows. */
const expires_at = timestamp.nullable().optional()

/** A secret on its way in. It leaves this shape only sealed. */
export const credential = z.discriminatedUnion('credential_type', [
  z.strictObject({
    credential_type: z.literal('api_key'),
    header: headerName,
    value: headerSecret,
    expires_at,
  }),
  /** A key in the address ends up in other people's logs: only when the admin says so. */
  z.strictObject({
    credential_type: z.literal('query_key'),
    parameter: z.string().regex(/^[A-Za-z0-9_.~-]{1,128}$/, 'is not a plain parameter name'),
    value: secret,
    accept_risk: z.literal(true, 'must be true: a key in the address ends up in logs'),
    expires_at,
  }),
  /** A bearer token that someone made by hand (RFC 6750 §2.1). */
  z.strictObject({ credential_type: z.literal('oauth_token'), value: headerSecret, expires_at }),
  /** OAuth 2.1 for machines: Astra fetches and renews the token itself (RFC 6749 §4.4). */
  z.strictObject({
    credential_type: z.literal('client_credentials'),
    client_id: z.string().min(1).max(2_048),
    client_secret: secret,
    scope: scope.optional(),
    expires_at,
  }),
  z.strictObject({
    credential_type: z.literal('basic_auth'),
    /** RFC 7617 §2: what follows the first colon would be read as the password. */
    username: z.string().min(1).max(256).regex(/^[^:]*$/, 'must not contain a colon'),
    password: secret,
    expires_at,
  }),
  z.strictObject({
    credential_type: z.literal('custom'),
    headers: z.record(headerName, headerSecret).refine(
      (headers) => Object.keys(headers).length > 0 && Object.keys(headers).length <= 16,
      'needs between 1 and 16 headers',
    ),
    expires_at,
  }),
])
export type Credential = z.infer<typeof credential>
/** `oauth` is the one kind that nobody types in: a sign-in leaves it. */
export const credentialTypes = [
  'api_key',
  'query_key',
  'oauth_token',
  'basic_auth',
  'custom',
  'client_credentials',
  'oauth',
] as const

/** A client that an admin registered by hand at the server's authorization server. */
export const oauthClient = z.strictObject({
  client_id: z.string().min(1).max(2_048),
  client_secret: secret.optional(),
  scope: scope.optional(),
})
export type OAuthClient = z.infer<typeof oauthClient>

const connectionStatus = z.enum(['pending', 'connected', 'error', 'disconnected'])

export const server = z.object({
  id,
  team_id: id,
  name: z.string(),
  description: z.string().nullable(),
  server_type: serverType,
  config: z.record(z.string(), z.unknown()),
  is_active: z.boolean(),
  connection_status: connectionStatus,
  last_connected_at: timestamp.nullable(),
  last_error: z.string().nullable(),
  /** How its endpoints are doing, and what their last check saw. */
  health: z.enum(['online', 'degraded', 'offline', 'unknown']),
  checked_at: timestamp.nullable(),
  latency_ms: z.number().int().nullable(),
  health_error: z.string().nullable(),
  has_credential: z.boolean(),
  credential_type: z.enum(credentialTypes).nullable(),
  /** When the team's credential stops working unless someone acts; null when that is not known or never. */
  credential_expires_at: timestamp.nullable(),
  /** Whose account its tools use unless a tool says otherwise. */
  account,
  /** Whether the caller has an account of their own here. */
  connected: z.boolean(),
  /** What the last connection spoke: protocol version and transport; null before the first one. */
  protocol_version: z.string().nullable(),
  transport: z.enum(['streamable_http', 'sse']).nullable(),
  created_at: timestamp,
  updated_at: timestamp,
})
export type Server = z.infer<typeof server>

/**
 * One step of `test_server`, in the order tried. After a failed one the rest are `skipped`.
 * `advice` says what to do about a failure.
 */
export const testStep = z.object({
  step: z.enum(['resolve', 'tls', 'transport', 'era', 'sign_in', 'list_tools', 'safe_call']),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  message: z.string(),
  advice: z.string().nullable(),
  duration_ms: z.number(),
})
export type TestStep = z.infer<typeof testStep>
