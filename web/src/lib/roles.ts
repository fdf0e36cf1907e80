// What a role may do, without the schemas of the contract: the first screen should not load a validator.
import type { Role } from '@shared/team.ts'

/** May change servers, tools and policy. */
export const administers = (role: Role) => role === 'owner' || role === 'admin'
/** May read the whole team’s usage, not only their own. */
export const analyses = (role: Role) => role !== 'member'
