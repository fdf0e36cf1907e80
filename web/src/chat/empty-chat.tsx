// A chat before its first message: who answers, what it can do here, and three things to try.
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { ArrowUpRight, Bot, Plug, Signpost } from 'lucide-react'
import type { Model } from '@shared/chat.ts'
import { count } from '@/lib/format.ts'
import { modelQuery } from '@/lib/model.ts'
import { administers } from '@/lib/roles.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { ButtonLink } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import type { ChatTool } from './chat-tools.ts'
import { examplePrompts } from './example-prompts.ts'
import { toolsQuery } from './queries.ts'
import { WhoSees } from './who-sees.tsx'

type Props = { team_id: string; tools: Map<string, ChatTool>; onPick: (prompt: string) => void }

export function EmptyChat({ team_id, tools, onPick }: Props) {
  const { data, error } = useQuery(toolsQuery(team_id))
  const { name } = useSession()
  if (data && data.servers === 0) return <NoServers />
  const first = name?.trim().split(/\s+/)[0]
  return (
    <div className='relative flex h-full overflow-y-auto'>
      <div className='m-auto flex w-full max-w-3xl flex-col gap-4 px-4 py-8 lg:px-6'>
        <h2 className='text-xl font-semibold tracking-tight text-balance'>
          {first ? `What can I do for you, ${first}?` : 'What can I do for you?'}
        </h2>
        <WhoSees />
        {(data || !error) && <WhoAnswers team_id={team_id} tools={data?.tools ?? null} />}
        {data
          ? <Examples tools={tools} onPick={onPick} />
          : !error && <Skeleton className='mt-2 h-36 w-full' />}
      </div>
    </div>
  )
}

/** Says nothing of tools before they are read: a number that is not true yet is a false one. */
function WhoAnswers(
  { team_id, tools }: { team_id: string; tools: Map<string, ChatTool> | null },
) {
  const { data, error } = useQuery(modelQuery(team_id))
  if (error) return null
  if (!data || !tools) return <Skeleton className='h-15 w-full' />
  const servers = new Set([...tools.values()].map(({ server_id }) => server_id)).size
  const reach = `${count(tools.size, 'tool')} from ${count(servers, 'server')}`
  return data.model.provider === 'router'
    ? <RouterAnswers reach={reach} />
    : <ModelAnswers model={data.model} reach={reach} />
}

function ModelAnswers({ model, reach }: { model: Model; reach: string }) {
  return (
    <p className='flex items-start gap-2 text-sm text-muted'>
      <Bot aria-hidden className='mt-0.5 size-4 shrink-0' />
      <span>
        <strong className='font-medium text-text'>{model.name}</strong> answers, with {reach}.
      </span>
    </p>
  )
}

function RouterAnswers({ reach }: { reach: string }) {
  const { role } = useTeam()
  return (
    <div className='flex items-start gap-2 text-sm text-muted'>
      <Signpost aria-hidden className='mt-0.5 size-4 shrink-0' />
      <p>
        No language model is set up here, so the built-in router answers: it finds the tool that
        fits your words among{' '}
        {reach}, fills in what it can read, and asks you for the rest. It does not write texts or
        reason. {administers(role)
          ? (
            <Link
              to='/settings'
              search={{ tab: 'model' }}
              className='text-accent underline underline-offset-2'
            >
              Set up a model
            </Link>
          )
          : 'An admin can set up a model in Settings.'}
      </p>
    </div>
  )
}

function Examples(
  { tools, onPick }: { tools: Map<string, ChatTool>; onPick: (prompt: string) => void },
) {
  const { role } = useTeam()
  const prompts = examplePrompts(tools)
  if (tools.size === 0) {
    return (
      <p className='text-sm text-muted'>
        None of your team’s servers has tools in use. {administers(role)
          ? (
            <Link to='/settings' className='text-accent underline underline-offset-2'>
              Look at the servers
            </Link>
          )
          : 'An admin can sync them.'}
      </p>
    )
  }
  return (
    <ul
      aria-label='Things to try'
      className='mt-2 flex flex-col divide-y divide-line overflow-hidden rounded-card border border-line'
    >
      {prompts.map((prompt) => (
        <li key={prompt}>
          <button
            type='button'
            onClick={() => onPick(prompt)}
            className='flex min-h-12 w-full items-center gap-3 px-4 py-2 text-left text-base hover:bg-hover'
          >
            <span className='min-w-0 grow'>{prompt}</span>
            <ArrowUpRight aria-hidden className='size-4 shrink-0 text-muted' />
          </button>
        </li>
      ))}
    </ul>
  )
}

function NoServers() {
  const { role, team_name } = useTeam()
  const admin = administers(role)
  return (
    <div className='relative flex h-full overflow-y-auto'>
      <div className='m-auto'>
        <EmptyState
          icon={<Plug aria-hidden />}
          title={`${team_name} has no servers yet`}
          action={admin && (
            <ButtonLink look='primary'>
              <Link to='/settings'>Add a server</Link>
            </ButtonLink>
          )}
        >
          Astra works with the tools of MCP servers: your files, your tickets, your database. {admin
            ? 'Add the first one, and everyone in the team can use it here.'
            : 'Ask an admin of your team to add the first one.'}
        </EmptyState>
      </div>
    </div>
  )
}
