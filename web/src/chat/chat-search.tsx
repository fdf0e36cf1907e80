// Chats that were found: by their names, and by what was said in them, with the place.
import { useEffect, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Archive, Users } from 'lucide-react'
import { count, relativeTime } from '@/lib/format.ts'
import { FailedState } from '@/ui/empty-state.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { type FoundChat, foundQuery } from './chats.ts'
import { marked } from './marked.ts'
import { useTools } from './queries.ts'
import { readableTitle } from './slash.ts'

const restMs = 200

type Props = { team_id: string; typed: string; onOpened: () => void }

export function ChatSearch({ team_id, typed, onOpened }: Props) {
  const asked = useRested(typed.trim())
  const tools = useTools(team_id)
  const { data: found, error, refetch } = useQuery(foundQuery(team_id, asked))
  if (!found) {
    if (error) {
      return (
        <FailedState
          title='Your chats could not be searched'
          error={error}
          onRetry={() => void refetch()}
        />
      )
    }
    return (
      <div className='p-3'>
        <SkeletonList rows={4} className='h-14' />
      </div>
    )
  }
  return (
    <section aria-label='Found chats' className='px-2 pb-4'>
      <p role='status' className='px-2 py-2 text-xs text-muted'>
        {found.length === 0
          ? 'No chat has all these words. Whole words are found, and the beginnings of words.'
          : count(found.length, 'chat')}
      </p>
      <ul>
        {found.map((one) => (
          <Item
            key={one.chat_id}
            found={{ ...one, title: readableTitle(one.title, tools) }}
            asked={asked}
            onOpened={onOpened}
          />
        ))}
      </ul>
    </section>
  )
}

/** What was typed, once the typing pauses. */
function useRested(typed: string): string {
  const [rested, setRested] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(() => setRested(typed), restMs)
    return () => clearTimeout(timer)
  }, [typed])
  return rested
}

type ItemProps = { found: FoundChat; asked: string; onOpened: () => void }

function Item({ found, asked, onOpened }: ItemProps) {
  const { chat_id, title, visibility, archived_at, excerpt, found_at } = found
  return (
    <li>
      <Link
        to='/chat/$chatId'
        params={{ chatId: chat_id }}
        onClick={onOpened}
        className='flex min-h-control flex-col justify-center gap-0.5 rounded-control px-2 py-1.5 text-sm hover:bg-hover'
      >
        <span className='flex items-center gap-2'>
          <span className='min-w-0 grow truncate'>
            <Marked text={title} asked={asked} />
          </span>
          {visibility === 'team' && (
            <Users role='img' aria-label='Team chat' className='size-4 shrink-0 text-muted' />
          )}
          {archived_at !== null && (
            <Archive role='img' aria-label='Archived' className='size-4 shrink-0 text-muted' />
          )}
          <span className='shrink-0 text-xs text-muted'>{relativeTime(found_at)}</span>
        </span>
        {excerpt && (
          <span className='line-clamp-2 text-xs text-muted [overflow-wrap:anywhere]'>
            <Marked text={excerpt} asked={asked} />
          </span>
        )}
      </Link>
    </li>
  )
}

function Marked({ text, asked }: { text: string; asked: string }) {
  return marked(text, asked).map(({ text, hit }, at) =>
    hit
      ? <mark key={at} className='bg-transparent font-semibold text-text'>{text}</mark>
      : <span key={at}>{text}</span>
  )
}
