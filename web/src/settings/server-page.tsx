// One server: how it is doing, where it is, how Astra signs in to it, and the rules of its tools.
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ChevronLeft, ServerOff } from 'lucide-react'
import { administers } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { ButtonLink } from '@/ui/button.tsx'
import { EmptyState, FailedState } from '@/ui/empty-state.tsx'
import { Dotted } from '@/ui/dotted.tsx'
import { Page } from '@/ui/page.tsx'
import { Skeleton, SkeletonList } from '@/ui/skeleton.tsx'
import { Status } from '@/ui/status.tsx'
import { noticesOf } from './account-state.ts'
import { Heard } from './heard.tsx'
import { myAccountsQuery, serverQuery, type ServerRow } from './queries.ts'
import { toolCountsQuery } from './tool-queries.ts'
import { ServerActions } from './server-actions.tsx'
import { ServerFacts } from './server-facts.tsx'
import { ServerNotices } from './server-notices.tsx'
import { ServerEndpoints, useRest } from './server-endpoints.tsx'
import { latencyWords, stateOf } from './server-state.ts'
import { ToolsSection } from './tools-section.tsx'

export function ServerPage() {
  const { team_id } = useTeam()
  const { serverId = '' } = useParams({ strict: false })
  const server = useQuery(serverQuery(team_id, serverId))
  if (server.isPending) {
    return (
      <Page title={<Skeleton className='h-7 w-48' />} back={<Back />}>
        <SkeletonList rows={2} className='h-40 rounded-card' />
      </Page>
    )
  }
  if (server.isError) {
    return (
      <Page title='Server' back={<Back />}>
        <FailedState
          title='This server could not be read'
          error={server.error}
          onRetry={() => void server.refetch()}
        />
      </Page>
    )
  }
  return server.data ? <Found server={server.data} /> : <Missing />
}

function Found({ server }: { server: ServerRow }) {
  const { team_id, role } = useTeam()
  const admin = administers(role)
  const tools = useQuery(toolCountsQuery(team_id)).data?.get(server.id) ?? null
  const accounts = useQuery(myAccountsQuery(team_id)).data
  const mine = accounts?.get(server.id) ?? null
  const notices = accounts ? noticesOf(server, { tools, mine, admin }) : []
  const state = stateOf(server)
  const rest = useRest(server)
  return (
    <Page
      title={server.name}
      back={<Back />}
      subtitle={
        <div className='flex flex-wrap items-center gap-x-3 gap-y-1'>
          <Status tone={state.tone}>{state.word}</Status>
          <Dotted>
            <Heard server={server} />
            {server.is_active && server.health !== 'offline' && latencyWords(server.latency_ms)}
            {rest}
          </Dotted>
        </div>
      }
      actions={admin && <ServerActions server={server} />}
    >
      <title>{`${server.name} · Astra`}</title>
      {state.sentence && !notices.some(({ tone }) => tone === 'bad') && (
        <p
          className={`mb-4 rounded-control px-3 py-2 text-sm ${
            state.tone === 'bad'
              ? 'bg-bad-soft'
              : state.tone === 'warn'
              ? 'bg-warn-soft'
              : 'bg-surface'
          }`}
        >
          {state.sentence}
        </p>
      )}
      <ServerNotices server={server} notices={notices} admin={admin} className='mb-4' />
      <ServerFacts server={server} admin={admin} tools={tools} mine={mine} />
      {!admin && (
        <p className='mt-2 text-sm text-muted'>
          To change anything here, ask{' '}
          <Link to='/settings' search={{ tab: 'members' }} className='text-accent underline'>
            an admin of your team
          </Link>.
        </p>
      )}
      <ServerEndpoints server={server} />
      <ToolsSection server={server} admin={admin} />
    </Page>
  )
}

function Missing() {
  return (
    <Page title='Server' back={<Back />}>
      <EmptyState
        icon={<ServerOff aria-hidden />}
        title='This server is not here'
        action={
          <ButtonLink>
            <Link to='/settings'>All servers</Link>
          </ButtonLink>
        }
      >
        It was removed, or it belongs to another of your teams.
      </EmptyState>
    </Page>
  )
}

function Back() {
  return (
    <Link
      to='/settings'
      className='-ml-1 inline-flex min-h-control items-center gap-0.5 text-muted hover:text-text'
    >
      <ChevronLeft aria-hidden className='size-4' />
      Servers
    </Link>
  )
}
