// Invitations nobody has accepted yet.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { Card } from '@/ui/page.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { Status } from '@/ui/status.tsx'
import { Time } from '@/ui/time.tsx'
import { toast } from '@/ui/toast.tsx'
import { roleWords } from './member-roles.ts'
import { type InvitationRow, invitationsQuery, withdrawInvitation } from './queries.ts'

export function Invitations({ onInvite }: { onInvite: () => void }) {
  const { team_id } = useTeam()
  const invitations = useQuery(invitationsQuery(team_id))
  if (invitations.isPending) return <Skeleton className='h-16 rounded-card' />
  if (invitations.isError) {
    return (
      <FailedState
        title='The invitations could not be read'
        error={invitations.error}
        onRetry={() => void invitations.refetch()}
      />
    )
  }
  if (invitations.data.length === 0) {
    return (
      <p className='text-sm text-muted'>
        None. People join by signing in with the address you{' '}
        <button type='button' className='text-accent underline' onClick={onInvite}>invite</button>.
      </p>
    )
  }
  return (
    <Card>
      <ul>
        {invitations.data.map((invitation) => <Item key={invitation.id} invitation={invitation} />)}
      </ul>
    </Card>
  )
}

function Item({ invitation }: { invitation: InvitationRow }) {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const withdraw = useMutation({
    mutationFn: () => withdrawInvitation(team_id, invitation.id),
    onError: (error) => toast({ tone: 'bad', text: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['team', team_id, 'invitations'] }),
  })
  return (
    <li className='flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0'>
      <div className='min-w-0 grow basis-52'>
        <p className='truncate font-medium'>{invitation.email}</p>
        <p className='flex flex-wrap gap-x-2 text-sm text-muted'>
          <span>{roleWords[invitation.role]}</span>
          <span>
            invited <Time at={invitation.created_at} />
          </span>
        </p>
      </div>
      {invitation.expired && <Status tone='warn'>Expired: invite again</Status>}
      <Button
        busy={withdraw.isPending}
        onClick={() => withdraw.mutate()}
        aria-label={`Withdraw the invitation of ${invitation.email}`}
      >
        Withdraw
      </Button>
    </li>
  )
}
