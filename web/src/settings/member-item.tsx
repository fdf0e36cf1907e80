// One person of the team: who, as what, and what the reader may change about it.
import { useState } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, LogOut, UserMinus } from 'lucide-react'
import type { Role } from '@shared/team.ts'
import { useTeam } from '@/session/team.tsx'
import { ConfirmDialog } from '@/ui/dialog.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Select } from '@/ui/input.tsx'
import { Menu, MenuItem } from '@/ui/menu.tsx'
import { Time } from '@/ui/time.tsx'
import { toast } from '@/ui/toast.tsx'
import { grantable, removable, roleAbilities, roleWords } from './member-roles.ts'
import { changeRole, type MemberRow, removeMember } from './queries.ts'
import { nameOf } from '@/lib/person-name.ts'

type Props = {
  member: MemberRow
  me: { user_id: string; role: Role }
  all: MemberRow[]
}

export function MemberItem({ member, me, all }: Props) {
  const self = member.user_id === me.user_id
  const name = nameOf(member, 'Someone')
  const roles = grantable(me, member, all)
  return (
    <li className='flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0'>
      <div className='min-w-0 grow basis-52'>
        <p className='truncate font-medium'>
          {name}
          {self && <span className='font-normal text-muted'>{' '}(you)</span>}
        </p>
        <p className='flex flex-wrap gap-x-2 text-sm text-muted'>
          {member.full_name && member.email && <span className='truncate'>{member.email}</span>}
          <span>
            joined <Time at={member.created_at} />
          </span>
        </p>
      </div>
      <div className='flex items-center gap-1'>
        {roles.length > 0
          ? <RoleSelect member={member} name={name} roles={roles} />
          : <span title={roleAbilities[member.role]}>{roleWords[member.role]}</span>}
        {removable(me, member, all) && <MoreMenu member={member} name={name} self={self} />}
      </div>
    </li>
  )
}

const aRole: Record<Role, string> = {
  owner: 'an owner',
  admin: 'an admin',
  member: 'a member',
  analyst: 'an analyst',
}

type RoleProps = { member: MemberRow; name: string; roles: Role[] }

function RoleSelect({ member, name, roles }: RoleProps) {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: (role: Role) => changeRole(team_id, { user_id: member.user_id, role }),
    onSuccess: (_, role) => toast({ tone: 'ok', text: `${name} is now ${aRole[role]}.` }),
    onError: (error) => toast({ tone: 'bad', text: error.message }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['team', team_id, 'members'] }),
        client.invalidateQueries({ queryKey: ['memberships'] }),
      ]),
  })
  return (
    <Select
      aria-label={`Role of ${name}`}
      className='w-36'
      disabled={change.isPending}
      value={change.isPending ? change.variables : member.role}
      onChange={(event) => change.mutate(event.target.value as Role)}
    >
      {roles.map((role) => (
        <option key={role} value={role} title={roleAbilities[role]}>{roleWords[role]}</option>
      ))}
    </Select>
  )
}

function MoreMenu({ member, name, self }: { member: MemberRow; name: string; self: boolean }) {
  const { team_id, team_name } = useTeam()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => removeMember(team_id, member.user_id),
    onSuccess: () => {
      setAsking(false)
      toast({ tone: 'ok', text: self ? `You left ${team_name}.` : `${name} is removed.` })
      return Promise.all([
        client.invalidateQueries({ queryKey: ['team', team_id, 'members'] }),
        client.invalidateQueries({ queryKey: ['memberships'] }),
      ])
    },
    onError: (error) => toast({ tone: 'bad', text: error.message }),
  })
  const Icon = self ? LogOut : UserMinus
  return (
    <>
      <Menu trigger={<IconButton label={`More about ${name}`} icon={<Ellipsis aria-hidden />} />}>
        <MenuItem danger icon={<Icon aria-hidden />} onSelect={() => setAsking(true)}>
          {self ? 'Leave team' : 'Remove from team'}
        </MenuItem>
      </Menu>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={self ? `Leave ${team_name}?` : `Remove ${name}?`}
        confirmLabel={self ? 'Leave team' : 'Remove'}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        {self
          ? 'You lose its chats, servers and tools at once. An admin can invite you again.'
          : `${name} loses the team’s chats, servers and tools at once. What they ran stays in the activity log.`}
      </ConfirmDialog>
    </>
  )
}
