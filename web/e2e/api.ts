// The doors a browser uses, used directly: to set a scene quickly, and to ask what a foreign caller would get.
import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'

export const demoPassword = 'astra-demo-1'
export const acme = '0a000000-0000-4000-8000-00000000ac3e'

type Json = Record<string, unknown>
type Answer = { status: number; body: unknown }
/** What the auth door hands out, as the app keeps it. */
export type Session = { access_token: string; user: { id: string; email: string } }

let key: Promise<string> | null = null

function publishableKey(): Promise<string> {
  key ??= fetch(`${inject('url')}/astra.json`).then(async (answer) =>
    (await answer.json() as { publishable_key: string }).publishable_key
  )
  return key
}

type Request = { method?: string; session?: Session; body?: unknown }

/** Any status is an answer. */
export async function ask(path: string, request: Request = {}): Promise<Answer> {
  const { method = 'POST', session, body } = request
  const answer = await fetch(inject('url') + path, {
    method,
    headers: {
      apikey: await publishableKey(),
      'content-type': 'application/json',
      ...(session && { authorization: `Bearer ${session.access_token}` }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, body: text ? JSON.parse(text) : null }
}

async function must<T>(path: string, request: Request = {}): Promise<T> {
  const { status, body } = await ask(path, request)
  if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
  return body as T
}

export function signIn(email: string, password = demoPassword): Promise<Session> {
  return must('/auth/v1/token?grant_type=password', { body: { email, password } })
}

/** A new person nobody has met. */
export function signUp(name: string): Promise<Session> {
  const email = `${name.toLowerCase()}-${randomUUID().slice(0, 8)}@journey.test`
  return must('/auth/v1/signup', {
    body: { email, password: demoPassword, data: { full_name: name } },
  })
}

export function call<T = Json>(session: Session, action: string, input: Json = {}): Promise<T> {
  return must('/functions/v1/mcp-client', { session, body: { action, ...input } })
}

export function rpc<T>(session: Session, name: string, input: Json = {}): Promise<T> {
  return must(`/rest/v1/rpc/${name}`, { session, body: input })
}

export function patch(session: Session, query: string, values: Json): Promise<unknown> {
  return must(`/rest/v1/${query}`, { session, method: 'PATCH', body: values })
}

/** Rules on tools of a server as an admin would. */
export function rule(team: OwnTeam, tool_names: string[], rule: Json): Promise<unknown> {
  const { owner, team_id, server_id } = team
  return call(owner, 'set_tool_policy', { team_id, server_id, tool_names, ...rule })
}

/** A call in the background that has ended. Its execution's id. */
export async function callBehind(
  session: Session,
  { team_id, server_id }: Pick<OwnTeam, 'team_id' | 'server_id'>,
  { tool_name, parameters }: { tool_name: string; parameters: Json },
): Promise<string> {
  const input = { team_id, server_id, tool_name, parameters, mode: 'async' }
  const { execution_id } = await call<{ execution_id: string }>(session, 'call_tool', input)
  for (let look = 0; look < 100; look++) {
    const { execution } = await call<{ execution: { completed_at: string | null } }>(
      session,
      'get_execution',
      { team_id, execution_id },
    )
    if (execution.completed_at) return execution_id
  }
  throw new Error(`${execution_id} has not ended`)
}

/** The assistant wants to use echo, which asks, and the person approves it for good. */
export async function alwaysApprove(person: Session, { team_id }: OwnTeam): Promise<void> {
  // In words that leave the choice to it: an order in so many words would be the approval.
  await chat(person, { team_id, text: 'the string and its echo: {"message": "hello"}' })
  const path = `/rest/v1/mcp_approvals?select=id&team_id=eq.${team_id}`
  const [asked] = await must<{ id: string }[]>(path, { method: 'GET', session: person })
  if (!asked) throw new Error('Nobody was asked to approve')
  const answer = { approval_id: asked.id, decision: 'approve', always: true }
  await call(person, 'answer_approval', { team_id, ...answer })
}

/** What the assistant is told in a chat, to the end of its answer. */
export async function chat(
  session: Session,
  { team_id, chat_id = randomUUID(), text }: { team_id: string; chat_id?: string; text: string },
): Promise<void> {
  const message = { id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }
  const answer = await fetch(`${inject('url')}/functions/v1/mcp-client/chat`, {
    method: 'POST',
    headers: {
      apikey: await publishableKey(),
      'content-type': 'application/json',
      authorization: `Bearer ${session.access_token}`,
    },
    body: JSON.stringify({ team_id, chat_id, message }),
  })
  if (!answer.ok) throw new Error(`the chat answered ${answer.status}: ${await answer.text()}`)
  await answer.text()
}

type Server = { id: string; name: string; config: { url: string } }

/** Where the demo's own server listens: an address this stack lets a team add. */
export async function demoServerUrl(): Promise<string> {
  const owner = await signIn('owner@acme.test')
  const { servers } = await call<{ servers: Server[] }>(owner, 'list_servers')
  return servers.find(({ name }) => name === 'Everything')!.config.url
}

export type OwnTeam = { team_id: string; name: string; owner: Session; server_id: string | null }

/** A team of the journey's own, so that what it changes disturbs no other. */
export async function foundTeam({ server = true, results = false } = {}): Promise<OwnTeam> {
  const owner = await signUp('Olga')
  const name = `Team ${randomUUID().slice(0, 6)}`
  const team_id = await rpc<string>(owner, 'create_team', { p_name: name })
  if (results) {
    const url = inject('results')
    return { team_id, name, owner, server_id: await addServer(owner, team_id, ['Results', url]) }
  }
  const server_id = server
    ? await addServer(owner, team_id, ['Everything', await demoServerUrl()])
    : null
  return { team_id, name, owner, server_id }
}

/** Adds a server whose tools may all run, and send nothing out. */
export async function addServer(
  owner: Session,
  team_id: string,
  [name, url]: [name: string, url: string],
): Promise<string> {
  const { server } = await call<{ server: Server }>(owner, 'add_server', {
    team_id,
    name,
    server_type: 'http',
    config: { url },
  })
  await call(owner, 'sync_tools', { team_id, server_id: server.id })
  await patch(owner, `mcp_tools?server_id=eq.${server.id}`, { policy: 'allow', sends_out: false })
  return server.id
}

export async function join(team: OwnTeam, name: string, role: string): Promise<Session> {
  const person = await signUp(name)
  const p_email = person.user.email
  await rpc(team.owner, 'invite_member', { p_team_id: team.team_id, p_email, p_role: role })
  await rpc(person, 'accept_invitations')
  return person
}
