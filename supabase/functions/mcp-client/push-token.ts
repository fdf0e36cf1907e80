// The answers a notification carries: one sealed token for each, which says what it is for. A device gets
// them only where its notification shows the whole call to someone who may decide on it.
import type { PushDecision } from '../../../shared/push.ts'
import { administers } from '../../../shared/team.ts'
import { hashOf } from './admission.ts'
import type { App } from './app.ts'
import { open, pushAnswerPlace, seal } from './credentials.ts'
import type { DuePush } from './push-delivery.ts'
import { showsAll } from './push-words.ts'

/** What is inside a token. */
export type DeviceAnswer = {
  approval_id: string
  team_id: string
  user_id: string
  device_id: string
  decision: PushDecision
  /** When the question itself is over. */
  expires_at: string
}

/** Null where the person has to open the app to decide, or there is nothing to decide. */
export async function answersFor(
  app: App,
  due: DuePush,
): Promise<Record<PushDecision, string> | null> {
  const { kind, call, team_id, user_id, device_id } = due
  const asked = call.asked ?? {}
  const { approval_id, expires_at, needs } = asked
  if (kind !== 'approval_needed' || call.status !== 'awaiting_approval') return null
  if (typeof approval_id !== 'string' || typeof expires_at !== 'string') return null
  const mayDecide = needs === 'self' ? call.theirs : administers(call.role)
  if (!mayDecide || !showsAll(call)) return null
  // What was concealed is not shown: only what is shown to the last character may be agreed to.
  if (await hashOf(call.parameters) !== call.arguments_hash) return null
  const tokenFor = (decision: PushDecision) =>
    sealAnswer(app, { approval_id, team_id, user_id, device_id, decision, expires_at })
  return { approve: await tokenFor('approve'), reject: await tokenFor('reject') }
}

/** `<key version>.<base64>`: opens with the keys of this installation, here and nowhere else. */
export async function sealAnswer(app: App, answer: DeviceAnswer): Promise<string> {
  const keys = app.settings.credentialKeys
  const { key_version, encrypted_value } = await seal(answer, { keys, place: pushAnswerPlace })
  return `${key_version}.${encrypted_value}`
}

/** What a token is for; null when it is none of ours, whatever was done to it. */
export async function openAnswer(app: App, token: string): Promise<DeviceAnswer | null> {
  const [, version, encrypted_value] = /^(\d{1,9})\.([A-Za-z0-9+/]+={0,2})$/.exec(token) ?? []
  if (!version || !encrypted_value) return null
  const keys = app.settings.credentialKeys
  const sealed = { key_version: Number(version), encrypted_value }
  return await open<DeviceAnswer>(sealed, { keys, place: pushAnswerPlace })
}
