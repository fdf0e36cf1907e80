// Acme with every role, someone who left, and rows of everyone; Globex beside it. What the matrix and
// the HTTP sentences look at.
import type { Ground, Identity } from './ground.ts'
import type { Shared, Target } from './matrix-statements.ts'
import { begin, finish } from './calls.ts'
import { askApproval } from './approvals.ts'
import {
  createMember,
  createOffice,
  createPerson,
  type Office,
  type Person,
  setPolicy,
} from './people.ts'
import { suspend } from './waits.ts'
import { keepWebhook } from './deliveries.ts'
import { keepModel } from './team-models.ts'
import { addDevice } from './devices.ts'

type Belongings = Record<
  'chat' | 'message' | 'attachment' | 'execution' | 'waiting' | 'running' | 'approval' | 'sign_in',
  string
>

/**
 * A chat with a message and an ended call in it, of which person, device and webhook are told, a call that waits, one that runs, one that nobody has
 * approved, and a sign-in under way.
 */
async function createBelongings(
  ground: Ground,
  office: Office,
  person: Person,
): Promise<Belongings> {
  const { chat, message, attachment } = await createChat(ground, office, {
    person,
    visibility: 'private',
  })
  await addDevice(ground, person)
  const { execution_id } = await begin(ground, office, {
    user_id: person.sub,
    chat_id: chat,
    message_id: message,
    mode: 'async',
  })
  await finish(ground, execution_id!)
  const waiting = await begin(ground, office, { user_id: person.sub })
  await suspend(ground, waiting)
  const running = await begin(ground, office, { user_id: person.sub })
  return {
    chat,
    message,
    attachment,
    execution: execution_id!,
    waiting: waiting.execution_id!,
    running: running.execution_id!,
    approval: await createApproval(ground, office, person),
    sign_in: await createSignIn(ground, office, person),
  }
}

/** A chat with a message in it, and a file that came with it. */
async function createChat(
  ground: Ground,
  { team_id }: Office,
  of: { person: Person; visibility: 'private' | 'team' },
): Promise<Shared> {
  const [made] = await ground.run<Shared>(
    `with chat as (
      insert into public.astra_chats (team_id, user_id, visibility) values ($1, $2, $3) returning id
    ), message as (
      insert into public.astra_messages (team_id, chat_id, user_id, role)
      select $1, id, $2, 'user' from chat returning chat_id, id
    )
    insert into public.astra_attachments (team_id, chat_id, message_id, position, name, media_type, content)
    select $1, chat_id, id, 0, 'a.txt', 'text/plain', 'YQ==' from message
    returning chat_id as chat, message_id as message, id as attachment`,
    [team_id, of.person.sub, of.visibility],
  )
  return made!
}

async function createApproval(ground: Ground, office: Office, person: Person): Promise<string> {
  await setPolicy(ground, office.tool_id, 'ask')
  const asked = await begin(ground, office, { user_id: person.sub })
  const approval_id = await askApproval(ground, asked)
  await setPolicy(ground, office.tool_id, 'allow')
  return approval_id
}

/** Later than any change of policy, which would end it. */
async function createStandingYes(ground: Ground, office: Office, person: Person): Promise<void> {
  await ground.run('insert into public.mcp_standing_approvals values ($1, $2, $3, $4)', [
    office.team_id,
    office.tool_id,
    person.sub,
    'any',
  ])
}

async function createSignIn(ground: Ground, office: Office, person: Person): Promise<string> {
  const state_hash = crypto.randomUUID()
  await ground.as('service_role')('select public.begin_sign_in($1)', [{
    state_hash,
    team_id: office.team_id,
    server_id: office.server_id,
    user_id: person.sub,
    account: 'person',
    return_to: '/settings',
    encrypted_value: 'c2VhbGVk',
    key_version: 1,
  }])
  return state_hash
}

async function createClient(ground: Ground, { team_id, server_id }: Office): Promise<void> {
  await ground.as('service_role')('select public.keep_client($1, $2, $3, false, $4)', [
    team_id,
    server_id,
    'https://issuer.test',
    { encrypted_value: 'c2VhbGVk', key_version: 1 },
  ])
}

/** A notice and a device that are nobody's among the actors. */
async function tellColleague(ground: Ground, { team_id }: Office, execution: string) {
  const colleague = await createMember(ground, team_id, 'admin')
  await addDevice(ground, colleague)
  await ground.run(
    `insert into public.notifications (team_id, user_id, kind, execution_id) values ($1, $2, 'approval_needed', $3)`,
    [team_id, colleague.sub, execution],
  )
}

async function createInvitation(ground: Ground, team_id: string): Promise<string> {
  const [made] = await ground.run<{ id: string }>(
    `insert into public.team_invitations (team_id, email) values ($1, 'invited@people.test') returning id`,
    [team_id],
  )
  return made!.id
}

export type Actor = { name: string; identity: Identity; target: Target }

/** Everyone who may come knocking, each with the Acme rows to be tried. */
export async function createCompanies(ground: Ground): Promise<Actor[]> {
  const acme = await createOffice(ground)
  const globex = await createOffice(ground, { name: 'Globex' })
  const [analyst, admin, owner, removed] = [
    await createMember(ground, acme.team_id, 'analyst'),
    await createMember(ground, acme.team_id, 'admin'),
    await createMember(ground, acme.team_id, 'owner'),
    await createMember(ground, acme.team_id),
  ]
  const nobody = await createPerson(ground)
  const rival = await createMember(ground, globex.team_id, 'owner')
  for (const { team_id } of [acme, globex]) {
    await keepWebhook(ground, team_id)
    await keepModel(ground, team_id, { key: 'sealed' })
  }
  const ofMember = await createBelongings(ground, acme, acme.member)
  await tellColleague(ground, acme, ofMember.execution)
  const ofRemoved = await createBelongings(ground, acme, removed)
  await createBelongings(ground, globex, rival)
  await createStandingYes(ground, acme, acme.member)
  await createStandingYes(ground, acme, removed)
  await createStandingYes(ground, globex, rival)
  await createInvitation(ground, globex.team_id)
  await createClient(ground, acme)
  await createClient(ground, globex)
  await ground.run('delete from public.team_members where user_id = $1', [removed.sub])

  const target: Target = {
    team: acme.team_id,
    globex: globex.team_id,
    user: acme.member.sub,
    stranger: nobody.sub,
    server: acme.server_id,
    tool: acme.tool_id,
    invitation: await createInvitation(ground, acme.team_id),
    shared: await createChat(ground, acme, { person: acme.member, visibility: 'team' }),
    shared_there: await createChat(ground, globex, { person: rival, visibility: 'team' }),
    ...ofMember,
  }
  return [
    { name: 'anon', identity: 'anon', target },
    { name: 'nobody', identity: nobody, target },
    { name: 'removed', identity: removed, target: { ...target, user: removed.sub, ...ofRemoved } },
    { name: 'member', identity: acme.member, target },
    { name: 'analyst', identity: analyst, target },
    { name: 'admin', identity: admin, target },
    { name: 'owner', identity: owner, target },
    { name: 'globex', identity: rival, target },
    { name: 'service', identity: 'service_role', target },
  ]
}
