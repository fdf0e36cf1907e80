// An MCP server a team added, as clients see it. Its secret is never part of any shape here.
import { z } from 'zod'
import { id, timestamp } from './team.ts'

export const serverTypes = ['http', 'sse', 'stdio'] as const
export const serverType = z.enum(serverTypes)

export const serverConfig = z.strictObject({
  url: z.string().min(1).max(2_048).describe('Address of the MCP endpoint'),
})
/** What a stdio host will run. Accepted and kept; nothing here starts a process. */
export const stdioConfig = z.strictObject({
  command: z.string().min(1).max(256),
  args: z.array(z.string().max(4_096)).max(64).default([]),
  env: z.record(z.string().max(128), z.string().max(4_096)).default({}),
})

const secret = z.string().min(1).max(16_384)
/** A secret that travels in a header as it is (RFC 9110 §5.5, without what no server agrees on). */
const headerSecret = secret.trim()
  .regex(/^[\t\x20-\x7e]+$/, 'may hold only plain characters on one line: it travels in a header')
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, 'is not a header name')

/** A secret on its way in. It leaves this shape only sealed. */
export const credential = z.discriminatedUnion('credential_type', [
  z.strictObject({
    credential_type: z.literal('api_key'),
    header: headerName,
    value: headerSecret,
  }),
  z.strictObject({ credential_type: z.literal('oauth_token'), value: headerSecret }),
  z.strictObject({
    credential_type: z.literal('basic_auth'),
    /** RFC 7617 §2: what follows the first colon would be read as the password. */
    username: z.string().min(1).max(256).regex(/^[^:]*$/, 'must not contain a colon'),
    password: secret,
  }),
  z.strictObject({
    credential_type: z.literal('custom'),
    headers: z.record(headerName, headerSecret).refine(
      (headers) => Object.keys(headers).length > 0 && Object.keys(headers).length <= 16,
      'needs between 1 and 16 headers',
    ),
  }),
])
export type Credential = z.infer<typeof credential>
export const credentialTypes = ['api_key', 'oauth_token', 'basic_auth', 'custom'] as const

export const connectionStatus = z.enum(['pending', 'connected', 'error', 'disconnected'])

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
  has_credential: z.boolean(),
  credential_type: z.enum(credentialTypes).nullable(),
  /** What the last connection spoke: protocol version and transport; null before the first one. */
  protocol_version: z.string().nullable(),
  transport: z.enum(['streamable_http', 'sse']).nullable(),
  created_at: timestamp,
  updated_at: timestamp,
})
export type Server = z.infer<typeof server>

/** One step of `test_server`, in the order tried. Steps after a failed one are `skipped`. */
export const testStep = z.object({
  step: z.enum(['address', 'connect', 'sign_in', 'list_tools']),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  message: z.string(),
  duration_ms: z.number(),
})
export type TestStep = z.infer<typeof testStep>
