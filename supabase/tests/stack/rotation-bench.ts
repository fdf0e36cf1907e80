// What the tests of key rotation share: one stack of their own, the command run against it, and a look at
// what is stored sealed.
import assert from 'node:assert/strict'
import {
  open,
  seal,
  type SealedCredential,
  type Secret,
} from '../../functions/mcp-client/credentials.ts'
import { type CredentialKey, readSettings, type Settings } from '../../functions/mcp-client/env.ts'
import { startStack } from '../running-stack.ts'
import { runScript } from './launch.ts'

export const credential = { credential_type: 'oauth_token', value: 'rotation-secret-1' } as const

// What a sealed value is of is written here anew: the tests must not take the function's word for it.
type Place = Parameters<typeof open>[1]['place']
export type Placed = { sealed: SealedCredential; place: Place }

export const stack = await startStack({ env: { ASTRA_ALLOWED_PRIVATE_HOSTS: '127.0.0.1' } })
Deno.test.afterAll(() => stack.stop())
export const owner = await stack.signIn('owner@acme.test')
const team_id = stack.teams.Acme!

export async function addServer(url: string, more: Record<string, unknown> = {}): Promise<string> {
  const name = `Test ${crypto.randomUUID().slice(0, 8)}`
  const input = { name, server_type: 'http', config: { url }, ...more }
  const { status, body } = await owner.call('add_server', input)
  assert.equal(status, 200, JSON.stringify(body))
  return body.server.id
}

export async function syncAndAllow(server_id: string): Promise<void> {
  const { status, body } = await owner.call('sync_tools', { server_id })
  assert.equal(status, 200, JSON.stringify(body))
  await owner.rest(`mcp_tools?server_id=eq.${server_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ policy: 'allow' }),
  })
}

/** Runs the command as an operator would; gives what it said. */
export async function rotate(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runScript(
    'rotate-keys.ts',
    { ASTRA_DATA: stack.folder },
    args,
  )
  assert.equal(code, 0, stderr)
  return stdout
}

export const door = (headers: Record<string, string>) => stack.post('', headers, '/reseal')

/** The function's own settings, as the stack's secrets make them. */
export async function settings(): Promise<Settings> {
  const kept = JSON.parse(await Deno.readTextFile(`${stack.folder}/secrets.json`))
  return readSettings((name) =>
    ({
      SUPABASE_URL: stack.url,
      SUPABASE_PUBLISHABLE_KEY: kept.publishable_key,
      SUPABASE_SECRET_KEY: kept.secret_key,
      ASTRA_JWT_SECRET: kept.jwt_secret,
      ASTRA_CREDENTIAL_KEYS: kept.credential_keys,
    })[name]
  )
}

export async function keys(): Promise<CredentialKey[]> {
  return (await settings()).credentialKeys
}

// A test reads whatever is stored.
// deno-lint-ignore no-explicit-any
export async function rows(path: string): Promise<any[]> {
  const { status, body } = await stack.asService(path)
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

export async function change(path: string, values: Record<string, unknown>): Promise<void> {
  const { status, body } = await stack.asService(path, {
    method: 'PATCH',
    body: JSON.stringify(values),
  })
  assert.equal(status, 204, JSON.stringify(body))
}

/** Everything sealed of a server and of its waiting executions, with where each belongs. */
export async function sealedOf(server_id: string): Promise<Placed[]> {
  const of = `server_id=eq.${server_id}`
  const [credentials, clients, flows, executions] = await Promise.all([
    rows(`mcp_server_credentials?${of}`),
    rows(`mcp_oauth_clients?${of}`),
    rows(`mcp_oauth_flows?${of}`),
    rows(`mcp_tool_executions?${of}&select=id`),
  ])
  const ids = executions.map(({ id }) => id).join(',')
  const waits = ids ? await rows(`mcp_execution_waits?execution_id=in.(${ids})`) : []
  const at = (field: string, sealed: SealedCredential): Placed => ({
    sealed,
    place: { team_id, server_id, field: field as Place['field'] },
  })
  return [
    ...credentials.map((row) => at(row.user_id ? `credential:${row.user_id}` : 'credential', row)),
    ...clients.map((row) => at(`client:${row.issuer}`, row)),
    ...flows.map((row) => at(`flow:${row.state_hash}`, row)),
    ...waits.map((row) => at(`wait:${row.execution_id}`, row)),
    ...waits.filter(({ answer }) => answer).map((row) =>
      at(`wait:${row.execution_id}`, row.answer)
    ),
  ]
}

/** The sealed signing secret of the team's webhook. */
export async function sealedWebhook(): Promise<Placed> {
  const [sealed] = await rows(`team_webhooks?team_id=eq.${team_id}`)
  return { sealed, place: { team_id, server_id: '', field: 'webhook' } }
}

/** The sealed key of the team's model. */
export async function sealedModel(): Promise<Placed> {
  const [row] = await rows(`team_models?team_id=eq.${team_id}`)
  return {
    sealed: row,
    place: { team_id, server_id: '', field: `model:${row.provider}:${row.base_url}` },
  }
}

/** What is inside the seal of the only sealed value of a server. */
export async function openedOf(server_id: string): Promise<Secret> {
  const [{ sealed, place }] = await sealedOf(server_id).then((all) =>
    all.filter((one) => one.place.field === 'credential')
  ) as [Placed]
  return (await open(sealed, { keys: await keys(), place }))!
}

/** Puts the team's credential of a server back under the oldest key, as if it had not been reached yet. */
export async function makeOld(server_id: string, secret: Secret): Promise<void> {
  const oldest = (await keys()).at(-1)!
  const place = { team_id, server_id, field: 'credential' } as const
  const sealed = await seal(secret, { keys: [oldest], place })
  await change(`mcp_server_credentials?server_id=eq.${server_id}`, sealed)
}
