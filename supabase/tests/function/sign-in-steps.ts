// What the sign-in tests do over and over: a server behind a real authorization server, a browser that
// follows the link, calls afterwards. Looks at answers; decides nothing.
import assert from 'node:assert/strict'
import type { Answer, Person } from '../running-stack.ts'
import { type Behaviour, type Fixture, startAuthorization } from '../upstreams/authorization.ts'
import { addServer, people, stack, syncAndAllow } from './the-stack.ts'

export const callbackUrl = `${stack.url}/functions/v1/mcp-client/oauth/callback`

type Given = { behaviour?: Partial<Behaviour>; server?: Record<string, unknown> }

/** Adds the fixture as a server of Acme, does something with it, and takes both away again. */
export async function withFixture(
  { behaviour = {}, server = {} }: Given,
  work: (fixture: Fixture, server_id: string) => Promise<void>,
): Promise<void> {
  const fixture = startAuthorization(behaviour)
  const server_id = await addServer(fixture.url, server)
  try {
    await work(fixture, server_id)
  } finally {
    await people.owner.call('remove_server', { server_id })
    await fixture.stop()
  }
}

export function connect(person: Person, server_id: string, more: Record<string, unknown> = {}) {
  return person.call('connect_server', { server_id, ...more })
}

/** Where the authorization server sends the browser: our callback, with a code. */
export async function consent(link: string): Promise<string> {
  const response = await fetch(link, { redirect: 'manual' })
  await response.body?.cancel()
  assert.equal(response.status, 302, 'the authorization server refused')
  return response.headers.get('location')!
}

/** The browser on its way back: gives where the callback sends it, or what it says. */
export async function comeBack(link: string, method = 'GET') {
  const response = await fetch(link, { method, redirect: 'manual' })
  const text = await response.text()
  const { status, headers } = response
  const location = headers.get('location')
  const way = location === null ? null : new URL(location)
  return { status, text, headers, way, error: way?.searchParams.get('connect_error') ?? null }
}

/** Signs a person in, all the way. */
export async function signIn(
  person: Person,
  server_id: string,
  more: Record<string, unknown> = {},
) {
  const { status, body } = await connect(person, server_id, more)
  assert.equal(status, 200, JSON.stringify(body))
  const back = await comeBack(await consent(body.authorization_url))
  assert.equal(back.way?.searchParams.get('connected'), server_id, back.text || back.error!)
  return back
}

/** Signs the team in and makes the server's tools callable. */
export async function signInTeam(server_id: string): Promise<void> {
  await signIn(people.owner, server_id, { account: 'team' })
  await syncAndAllow(server_id)
}

export function callTool(person: Person, server_id: string, tool_name = 'whoami'): Promise<Answer> {
  return person.call('call_tool', { server_id, tool_name })
}

/** What a call that went well says. */
export function said({ body }: Answer): string {
  assert.equal(body.status, 'success', JSON.stringify(body))
  return body.result.content[0].text
}

export async function serverOf(person: Person, server_id: string) {
  const { body } = await person.call('list_servers')
  return body.servers.find(({ id }: { id: string }) => id === server_id)
}

/** Makes the tokens of a server end now, in our own books, as time would. */
export async function credentialsOf(server_id: string) {
  const { body } = await stack.asService(
    `mcp_server_credentials?server_id=eq.${server_id}&order=user_id`,
  )
  return body
}
