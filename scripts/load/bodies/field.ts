// What bodies are thrown at: a function process of its own, a real upstream, a server behind a real
// authorization server, and secrets that must never come back. What a body breaks is put right again.
import { type Ground, prepare } from '../../faults/ground.ts'
import { startFarFunction } from '../../bench/far-function.ts'
import { keepSecrets, type Secrets } from '../../stack/secrets.ts'
import { startAuthorization } from '../../../supabase/tests/upstreams/authorization.ts'
import { startSubscription } from '../../../supabase/tests/upstreams/push-browser.ts'
import { startEverything } from '../../../supabase/tests/upstreams/everything.ts'
import type { Places } from './examples.ts'
import { gather, type Tokens } from './people.ts'

export type Field = {
  /** The function's own address, without a gateway in front. */
  url: string
  pid: number
  tokens: Tokens
  secret_key: string
  /** By what they are called in a report. */
  secrets: Record<string, string>
  /** Puts everything back where it was, and gives where it is. */
  restore(): Promise<Places>
  /** Begins so many sign-ins; gives the ways back from them. */
  signIns(many: number): Promise<URLSearchParams[]>
}

const stored = 'planted-credential-that-upstreams-get-3c1f'
const sent = 'planted-credential-that-callers-send-9b27'

export async function openField(parts: AsyncDisposableStack): Promise<Field> {
  const ground = await prepare(parts)
  const { astra, server } = ground
  const secrets = await keepSecrets(astra.folder)
  const tokens = await gather(ground, secrets.jwt_secret)
  const upstream = await startEverything('streamableHttp')
  parts.defer(() => upstream.stop())
  const authorization = startAuthorization()
  parts.defer(() => authorization.stop())
  const far = await startFarFunction({
    folder: astra.folder,
    project: astra.url,
    variables: { ASTRA_CLIENT_METADATA_URL: 'https://astra.test/client.json' },
  })
  parts.defer(() => far.stop())
  const ids = {
    server_id: await astra.add(upstream.url),
    spare_id: await astra.add(upstream.url),
    sign_in_id: await add(ground, authorization.url),
  }
  await keepCredential(ground, ids.server_id)
  return {
    url: far.url,
    pid: far.pid,
    tokens,
    secret_key: secrets.secret_key,
    secrets: secretsOf(secrets, { database: server.url, token: tokens.owner! }),
    restore: restorer({
      ground,
      far: far.url,
      upstream: upstream.url,
      ids,
      member: tokens.member!,
    }),
    signIns: signInsAt({ ground, far: far.url, sign_in_id: ids.sign_in_id }),
  }
}

async function add({ astra: { owner } }: Ground, url: string): Promise<string> {
  const input = { name: 'Signed in', server_type: 'http', config: { url } }
  const { status, body } = await owner.call('add_server', input)
  if (status !== 200) throw new Error(`the server was not added: ${JSON.stringify(body)}`)
  return body.server.id
}

async function keepCredential({ astra: { owner } }: Ground, server_id: string): Promise<void> {
  const credential = { credential_type: 'api_key', header: 'X-Key', value: stored }
  const { status } = await owner.call('set_credential', { server_id, credential })
  if (status !== 200) throw new Error('the credential was not kept')
}

function secretsOf(
  { secret_key, jwt_secret, credential_keys, pepper }: Secrets,
  { database, token }: { database: string; token: string },
): Record<string, string> {
  return {
    'the secret key': secret_key,
    'the JWT secret': jwt_secret,
    'the sealing key': credential_keys.split(':')[1]!,
    'the pepper': pepper,
    'the database’s password': new URL(database).password,
    'a person’s token': token.slice('Bearer '.length),
    'a stored credential': stored,
    'a credential that was sent': sent,
  }
}

type Ids = Pick<Places, 'server_id' | 'spare_id' | 'sign_in_id'>

function restorer(
  { ground, far, upstream, ids, member }: {
    ground: Ground
    far: string
    upstream: string
    ids: Ids
    member: string
  },
): Field['restore'] {
  const { sql } = ground
  let before: Pick<Places, 'ended_id' | 'waiting_id'> | null = null
  return async () => {
    if (before) {
      await ask(ground, far, { action: 'cancel_execution', execution_id: before.waiting_id })
    }
    const known = Object.values(ids)
    const kept = sql`id in ${sql(known)}`
    await sql`delete from public.mcp_servers where not (${kept})`
    await sql`update public.mcp_servers set removed_at = null, is_active = true,
      account = case when id = ${ids.sign_in_id} then 'person' else 'team' end where ${kept}`
    await sql`update public.mcp_servers set name = 'Spare', config = ${sql.json({ url: upstream })}
      where id = ${ids.spare_id}`
    await sql`delete from public.mcp_server_credentials where server_id <> ${ids.server_id}`
    await sql`delete from public.mcp_oauth_clients where server_id = ${ids.spare_id}`
    await sql`update public.mcp_tools set removed_at = null, is_enabled = true, policy = 'allow'`
    const call = { action: 'call_tool', server_id: ids.server_id }
    const ended = await ask(ground, far, {
      ...call,
      tool_name: 'echo',
      parameters: { message: 'x' },
    })
    const approval_id = await askApproval(ground, far, { server_id: ids.server_id, member })
    const waiting = await ask(ground, far, { ...call, tool_name: 'trigger-elicitation-request' })
    if (ended.status !== 'success' || waiting.status !== 'awaiting_input') {
      throw new Error(`nothing to begin with: ${JSON.stringify([ended, waiting])}`)
    }
    before = { ended_id: ended.execution_id, waiting_id: waiting.execution_id }
    const message_id = await keepAnswer(ground, ids.server_id)
    await sql`delete from public.devices`
    const { subscription } = startSubscription(`${upstream}?of=a-device`)
    const added = await ask(ground, far, { action: 'add_device', ...subscription, label: 'Phone' })
    const device_id: string = added.device.id
    return { ...ids, ...before, approval_id, message_id, device_id, upstream, sent }
  }
}

/** An answer that the owner got; gives its message. */
async function keepAnswer({ sql }: Ground, server_id: string): Promise<string> {
  const [kept] = await sql`
    with chat as (
      insert into public.astra_chats (team_id, user_id)
      select m.team_id, m.user_id from public.team_members m
      join public.mcp_servers s on s.team_id = m.team_id and s.id = ${server_id}
      where m.role = 'owner' limit 1
      returning id, team_id, user_id
    ), asked as (
      insert into public.astra_messages (team_id, chat_id, user_id, role)
      select team_id, id, user_id, 'user' from chat returning id, team_id, chat_id
    )
    insert into public.astra_messages (team_id, chat_id, role, answers)
    select team_id, chat_id, 'assistant', id from asked returning id`
  return kept!.id
}

/** A member's call that waits for an admin. */
async function askApproval(
  ground: Ground,
  far: string,
  { server_id, member }: { server_id: string; member: string },
): Promise<string> {
  const rule = (policy: string) =>
    ground
      .sql`update public.mcp_tools set policy = ${policy} where server_id = ${server_id} and tool_name = 'echo'`
  await rule('ask_admin')
  const call = {
    action: 'call_tool',
    server_id,
    tool_name: 'echo',
    parameters: { message: 'for an admin' },
  }
  const asked = await askAs(member, far, call)
  await rule('allow')
  if (!asked.approval) throw new Error(`nothing to approve: ${JSON.stringify(asked)}`)
  return asked.approval.approval_id
}

/** An operation of the owner's at this process of the function. */
function ask({ astra: { owner } }: Ground, far: string, body: unknown) {
  return askAs(`Bearer ${owner.token}`, far, body)
}

async function askAs(bearer: string, far: string, body: unknown) {
  const answer = await fetch(far, {
    method: 'POST',
    headers: { 'content-type': 'application/json', Authorization: bearer },
    body: JSON.stringify(body),
  })
  return await answer.json()
}

function signInsAt(
  { ground, far, sign_in_id }: { ground: Ground; far: string; sign_in_id: string },
): Field['signIns'] {
  return async (many) => {
    const ways: URLSearchParams[] = []
    for (let number = 0; number < many; number++) {
      const begun = await ask(ground, far, {
        action: 'connect_server',
        server_id: sign_in_id,
        account: 'person',
        return_to: `/settings?n=${number}`,
      })
      if (!begun.authorization_url) throw new Error(`no sign-in: ${JSON.stringify(begun)}`)
      const consent = await fetch(begun.authorization_url, { redirect: 'manual' })
      await consent.body?.cancel()
      ways.push(new URL(consent.headers.get('location')!).searchParams)
    }
    return ways
  }
}
