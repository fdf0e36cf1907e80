// The facts of one execution beside what it did: where, who, when, on whose yes, and in how many tries.
import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Attempt } from '@shared/execution.ts'
import { exactTime } from '@/lib/format.ts'
import { nameOf } from '@/lib/person-name.ts'
import { decidedQuery, whoseYes } from '@/lib/whose-yes.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { AttemptList } from '@/ui/attempt-list.tsx'
import { Section } from '@/ui/page.tsx'
import { Time } from '@/ui/time.tsx'
import type { ExecutionRow } from './queries.ts'

export function Facts({ execution }: { execution: ExecutionRow }) {
  const { approval, cached_at } = execution
  return (
    <Section title='Details'>
      <dl className='grid gap-x-6 gap-y-3 rounded-card border border-line bg-raised px-4 py-3 text-sm sm:grid-cols-2 lg:grid-cols-1'>
        <Fact name='Server'>
          <ServerName execution={execution} />
        </Fact>
        <Fact name='Asked by'>{nameOf(execution.profiles)}</Fact>
        {approval && (
          <Fact name='Approval'>
            <WhoseYes execution={execution} />
          </Fact>
        )}
        {cached_at && (
          <Fact name='Cached'>
            The result of an equal call, <Time at={cached_at} />
          </Fact>
        )}
        <Fact name='Started'>{exactTime(execution.started_at)}</Fact>
        <Fact name='Ended'>
          {execution.completed_at ? exactTime(execution.completed_at) : 'Still under way'}
        </Fact>
        <Fact name='From'>
          <Origin execution={execution} />
        </Fact>
        <Fact name='Execution'>
          <span className='flex items-center gap-1'>
            <span className='min-w-0 truncate font-mono text-xs'>{execution.id}</span>
            <CopyButton label='Copy its id' text={() => execution.id} />
          </span>
        </Fact>
      </dl>
    </Section>
  )
}

function ServerName({ execution: { mcp_servers, server_id } }: { execution: ExecutionRow }) {
  if (!mcp_servers || mcp_servers.removed_at) return mcp_servers?.name ?? 'Removed'
  return (
    <Link
      to='/settings/servers/$serverId'
      params={{ serverId: server_id }}
      className='text-accent underline'
    >
      {mcp_servers.name}
    </Link>
  )
}

function WhoseYes({ execution }: { execution: ExecutionRow }) {
  const { team_id } = useTeam()
  const { id: reader } = useSession()
  const { data: decided } = useQuery(decidedQuery(team_id, execution.id))
  if (decided === undefined) return '…'
  return whoseYes(execution, { decided, reader, name: nameOf(execution.profiles) })
}

function Origin({ execution: { origin, mode, chat_id, user_id } }: { execution: ExecutionRow }) {
  const mine = user_id === useSession().id
  const background = mode === 'async' && ', in the background'
  if (origin === 'direct') return <>Run directly, not from a chat{background}</>
  if (!chat_id || !mine) return <>A chat{background}</>
  return (
    <>
      <Link to='/chat/$chatId' params={{ chatId: chat_id }} className='text-accent underline'>
        The chat it belongs to
      </Link>
      {background}
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className='min-w-0'>
      <dt className='text-xs text-muted'>{name}</dt>
      <dd className='mt-0.5'>{children}</dd>
    </div>
  )
}

/** Every try of a call that was tried more than once, the first one first. */
export function Attempts({ attempts }: { attempts: Attempt[] | null }) {
  if (!attempts || attempts.length < 2) return null
  return (
    <Section title={`${attempts.length} attempts`}>
      <div className='rounded-card border border-line bg-raised px-4'>
        <AttemptList attempts={attempts} />
      </div>
    </Section>
  )
}
