// Where the person has, or needs, an account of their own. Nobody else sees or changes these.
import { Link } from '@tanstack/react-router'
import { useTeam } from '@/session/team.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { Card } from '@/ui/page.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { AccountButtons } from './account-buttons.tsx'
import { AccountLine } from './account-line.tsx'
import type { MyAccount, ServerRow } from './queries.ts'
import { useOwnAccounts } from './use-own-accounts.ts'

export function MyAccounts() {
  const { team_name } = useTeam()
  const own = useOwnAccounts()
  if (own.status === 'pending') return <SkeletonList rows={2} className='h-20' />
  if (own.status === 'error') {
    return (
      <FailedState
        title='Your accounts could not be read'
        error={own.error}
        onRetry={own.retry}
      />
    )
  }
  if (own.list.length === 0) {
    return (
      <p className='text-sm text-muted'>
        Nothing to connect: the servers of {team_name}{' '}
        need no account of yours. When an admin decides that one does, it appears here.
      </p>
    )
  }
  return (
    <>
      <p className='mb-3 text-sm text-muted'>
        At these servers you act in your own name. Only your own calls use your account, and nobody
        can read it.
      </p>
      <Card>
        <ul>
          {own.list.map(({ server, mine, needed }) => (
            <Item key={server.id} server={server} mine={mine} needed={needed} />
          ))}
        </ul>
      </Card>
    </>
  )
}

type ItemProps = { server: ServerRow; mine: MyAccount | null; needed: boolean }

function Item({ server, mine, needed }: ItemProps) {
  const urgent = needed && !mine
  const none = server.account === 'person' ? 'Not connected' : 'Not connected, some tools need it'
  return (
    <li className='flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0'>
      <div className='min-w-0 grow basis-56'>
        <h3 className='truncate text-base font-medium'>
          <Link
            to='/settings/servers/$serverId'
            params={{ serverId: server.id }}
            className='underline-offset-4 hover:underline'
          >
            {server.name}
          </Link>
        </h3>
        <AccountLine held={mine} none={none} since={mine?.connected_at} />
        {!needed && <p className='text-sm text-muted'>No tool uses it at present.</p>}
      </div>
      <AccountButtons urgent={urgent} server={server} account='person' held={mine} />
    </li>
  )
}
