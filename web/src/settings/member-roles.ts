// Who may change whose role, as row level security decides it too. Pure.
import type { Role } from '@shared/team.ts'

type Someone = { user_id: string; role: Role }

export const roleWords: Record<Role, string> = {
  owner: 'Owner',
  admin: 'Admin',
  member: 'Member',
  analyst: 'Analyst',
}

export const roleAbilities: Record<Role, string> = {
  owner: 'Everything, and who else owns the team',
  admin: 'Adds servers, decides about tools, invites people',
  member: 'Chats and uses tools',
  analyst: 'Like a member, and sees the whole team’s usage',
}

/** The roles `me` may give `them`; empty where the role is not theirs to change. */
export function grantable(me: Someone, them: Someone, members: readonly Someone[]): Role[] {
  if (me.role === 'owner') {
    const onlyOwner = them.role === 'owner' &&
      members.filter(({ role }) => role === 'owner').length === 1
    return onlyOwner ? [] : ['owner', 'admin', 'member', 'analyst']
  }
  const below = them.role === 'member' || them.role === 'analyst'
  return me.role === 'admin' && below ? ['member', 'analyst'] : []
}

/** People may leave; owners remove anyone, admins those below them. The last owner stays. */
export function removable(me: Someone, them: Someone, members: readonly Someone[]): boolean {
  if (me.user_id === them.user_id) {
    return me.role !== 'owner' ||
      members.some(({ role, user_id }) => role === 'owner' && user_id !== me.user_id)
  }
  return grantable(me, them, members).length > 0
}
