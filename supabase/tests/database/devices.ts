// Devices and what is on its way to them, as the edge function asks for it: as the service role, one statement each.
import { askApproval } from './approvals.ts'
import { begin } from './calls.ts'
import type { Ground } from './ground.ts'
import { createMember, createOffice, type Office, type Person, type Policy } from './people.ts'

export type Added = { id: string; label: string; refused?: string }
type Given = { endpoint?: string; p256dh?: string; auth?: string; label?: string }

export async function addDevice(
  ground: Ground,
  { sub }: Person,
  { endpoint = newEndpoint(), p256dh = 'p', auth = 'a', label = 'A browser' }: Given = {},
): Promise<Added> {
  const [row] = await ground.as('service_role')<{ added: Added }>(
    'select public.add_device($1, $2, $3, $4, $5) as added',
    [sub, endpoint, p256dh, auth, label],
  )
  return row!.added
}

export const newEndpoint = () => `https://push.test/${crypto.randomUUID()}`

export type Claimed = {
  id: string
  edition: number
  attempt: number
  kind: string
  user_id: string
  device_id: string
  execution_id: string
  endpoint: string
  expires_at: string
  call: { status: string; theirs: boolean; whose: string; role: string; arguments_hash: string }
}

/** What is due, leased: of these people's devices, since sentences share a database. */
export async function claim(ground: Ground, devices: Added[], limit = 1_000): Promise<Claimed[]> {
  const [row] = await ground.as('service_role')<{ due: Claimed[] }>(
    'select public.claim_pushes($1) as due',
    [limit],
  )
  return row!.due.filter(({ device_id }) => devices.some(({ id }) => id === device_id))
}

export async function note(
  ground: Ground,
  { id, edition, attempt }: Claimed,
  outcome: 'taken' | 'gone' | 'refused' | 'later',
  retry_seconds = 0,
): Promise<void> {
  await ground.as('service_role')('select public.note_push($1, $2, $3, $4, $5)', [
    id,
    edition,
    attempt,
    outcome,
    retry_seconds,
  ])
}

export type Waiting = { kind: string; edition: number; attempts: number; sent: boolean }

/** What a device is told of every call, whether it has been sent or is on its way. */
export async function pushesTo(ground: Ground, device: Added): Promise<Waiting[]> {
  return await ground.run<Waiting>(
    `select kind, edition, attempts, sent_at is not null as sent from public.pushes
     where device_id = $1 order by created_at`,
    [device.id],
  )
}

export async function devicesOf(ground: Ground, { sub }: Person): Promise<string[]> {
  const rows = await ground.run<{ label: string }>(
    'select label from public.devices where user_id = $1 order by created_at, label',
    [sub],
  )
  return rows.map(({ label }) => label)
}

export async function answerFromDevice(
  ground: Ground,
  given: {
    device_id: string
    user_id: string
    team_id: string
    approval_id: string
    decision?: 'approved' | 'rejected'
  },
): Promise<{ verdict: string; reason?: string }> {
  const [row] = await ground.as('service_role')<{ decided: { verdict: string; reason?: string } }>(
    'select public.answer_from_device($1, $2, $3, $4, $5) as decided',
    [
      given.device_id,
      given.user_id,
      given.team_id,
      given.approval_id,
      given.decision ?? 'approved',
    ],
  )
  return row!.decided
}

/** A member with a device, an owner with another one. */
export async function company(ground: Ground, policy: Policy = 'ask') {
  const office = await createOffice(ground, { policy })
  const owner = await createMember(ground, office.team_id, 'owner')
  const [phone, desk] = [await addDevice(ground, office.member), await addDevice(ground, owner)]
  return { office, owner, phone, desk }
}

export async function asked(ground: Ground, office: Office) {
  const call = await begin(ground, office)
  return { execution_id: call.execution_id!, approval_id: await askApproval(ground, call) }
}
