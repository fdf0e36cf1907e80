// What a person is told, in the app, of a call that nobody waits for: a row of `notifications`.
import { z } from 'zod'
import { id, timestamp } from './team.ts'

/**
 * `execution_ended`: your call is over. `approval_needed`, `sign_in_needed`, `input_needed`: a call waits
 * for you. `approval_decided`: someone else decided on your call.
 */
export const noticeKind = z.enum([
  'execution_ended',
  'approval_needed',
  'approval_decided',
  'sign_in_needed',
  'input_needed',
])

export const notice = z.object({
  id,
  team_id: id,
  user_id: id,
  kind: noticeKind,
  execution_id: id,
  created_at: timestamp,
  read_at: timestamp.nullable(),
})
export type Notice = z.infer<typeof notice>
