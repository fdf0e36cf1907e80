// Teams and the people in them.
import { z } from 'zod'

export const id = z.uuid()
export const timestamp = z.string()

export const roles = ['owner', 'admin', 'member', 'analyst'] as const
export const role = z.enum(roles)
export type Role = z.infer<typeof role>

/** May change servers, tools and policy. */
export function administers(held: Role): boolean {
  return held === 'owner' || held === 'admin'
}

/** May read the whole team's usage, not only their own. */
export function analyses(held: Role): boolean {
  return held !== 'member'
}

export const membership = z.object({ team_id: id, team_name: z.string(), role })
export type Membership = z.infer<typeof membership>
