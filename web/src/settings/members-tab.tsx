// The people of the team: everyone sees who is in it, admins and owners change roles and invite.
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { count } from '@/lib/format.ts'
import { administers } from '@/lib/roles.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { Card, Section } from '@/ui/page.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { Invitations } from './invitations.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { MemberItem } from './member-item.tsx'
import { membersQuery } from './queries.ts'

export function MembersTab() {
  const { team_id, role } = useTeam()
  const { id } = useSession()
  const members = useQuery(membersQuery(team_id))
  const [inviting, setInviting] = useState(false)
  const admin = administers(role)
  if (members.isPending) return <SkeletonList rows={4} className='h-16' />
  if (members.isError) {
    return (
      <FailedState
        title='The members could not be read'
        error={members.error}
        onRetry={() => void members.refetch()}
      />
    )
  }
  return (
    <>
      <div className='mb-3 flex items-center gap-3'>
        <p className='grow text-sm text-muted'>
          {count(members.data.length, 'person', 'people')}
          {!admin && '. Admins and owners change roles and invite.'}
        </p>
        {admin && (
          <Button
            look='primary'
            icon={<UserPlus aria-hidden />}
            onClick={() => setInviting(true)}
          >
            Invite
          </Button>
        )}
      </div>
      <Card>
        <ul>
          {members.data.map((member) => (
            <MemberItem
              key={member.user_id}
              member={member}
              me={{ user_id: id, role }}
              all={members.data}
            />
          ))}
        </ul>
      </Card>
      {admin && (
        <Section title='Open invitations'>
          <Invitations onInvite={() => setInviting(true)} />
        </Section>
      )}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  )
}
