// The team's servers and how each one is doing. Admins add and tend them; everyone else reads.
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, Server as ServerIcon } from 'lucide-react'
import { count } from '@/lib/format.ts'
import { administers } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { Button, ButtonLink } from '@/ui/button.tsx'
import { EmptyState, FailedState } from '@/ui/empty-state.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { AddServerDialog } from './add-server-dialog.tsx'
import { noticesOf } from './account-state.ts'
import { myAccountsQuery, serversQuery } from './queries.ts'
import { noTools, toolCountsQuery } from './tool-queries.ts'
import { ServerCard } from './server-card.tsx'

export function ServersTab() {
  const { team_id, role } = useTeam()
  const admin = administers(role)
  const servers = useQuery(serversQuery(team_id))
  const counts = useQuery(toolCountsQuery(team_id))
  const accounts = useQuery(myAccountsQuery(team_id))
  const adding = useAdding()
  if (servers.isPending) return <SkeletonList rows={3} className='h-24 rounded-card' />
  if (servers.isError) {
    return (
      <FailedState
        title='The servers could not be read'
        error={servers.error}
        onRetry={() => void servers.refetch()}
      />
    )
  }
  const list = servers.data
  return (
    <>
      {list.length > 0 && (
        <div className='mb-3 flex items-center gap-3'>
          <p className='grow text-sm text-muted'>
            {admin
              ? count(list.length, 'server')
              : `${count(list.length, 'server')}, tended by your team’s admins`}
          </p>
          {admin && (
            <Button
              look='primary'
              icon={<Plus aria-hidden />}
              onClick={() => adding.set(true)}
            >
              Add server
            </Button>
          )}
        </div>
      )}
      {list.length === 0 && <NoServers admin={admin} onAdd={() => adding.set(true)} />}
      <ul className='flex flex-col gap-3'>
        {list.map((server) => {
          const tools = counts.data ? counts.data.get(server.id) ?? noTools : null
          const mine = accounts.data?.get(server.id) ?? null
          const notices = accounts.data ? noticesOf(server, { tools, mine, admin }) : []
          return (
            <li key={server.id}>
              <ServerCard server={server} admin={admin} tools={tools} notices={notices} />
            </li>
          )
        })}
      </ul>
      {admin && adding.open && <AddServerDialog onClose={() => adding.set(false)} />}
    </>
  )
}

/** `/settings?add=1` opens the dialog from anywhere in the app. */
function useAdding() {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const [open, setOpen] = useState(search.add !== undefined)
  const set = (next: boolean) => {
    setOpen(next)
    if (!next && search.add !== undefined) {
      void navigate({ to: '/settings', search: {}, replace: true })
    }
  }
  return { open, set }
}

function NoServers({ admin, onAdd }: { admin: boolean; onAdd: () => void }) {
  return (
    <EmptyState
      icon={<ServerIcon aria-hidden />}
      title='No servers yet'
      action={admin
        ? (
          <Button look='primary' icon={<Plus aria-hidden />} onClick={onAdd}>
            Add server
          </Button>
        )
        : (
          <ButtonLink>
            <Link to='/settings' search={{ tab: 'members' }}>See who is an admin</Link>
          </ButtonLink>
        )}
    >
      {admin
        ? 'A server gives your team’s assistant tools: your issue tracker, your files, your database. Paste the address of any MCP server; Astra tests it and reads its tools.'
        : 'Servers give your team’s assistant its tools. Ask an admin of your team to add one.'}
    </EmptyState>
  )
}
