// Chats that were begun without a network: only this device knows of them.
import { Link } from '@tanstack/react-router'
import { Clock } from 'lucide-react'
import { readableTitle } from './slash.ts'
import type { ChatTool } from './chat-tools.ts'
import { useQueued } from './outbox.ts'

type Props = {
  team_id: string
  tools: Map<string, ChatTool>
  /** Chats that are listed already. */
  known: string[]
  onOpened: () => void
}

export function ChatsThatWait({ team_id, tools, known, onOpened }: Props) {
  const begun = useQueued().filter((one) =>
    one.begins && one.team_id === team_id && !known.includes(one.chat_id)
  )
  if (begun.length === 0) return null
  return (
    <section aria-label='Waiting to be sent'>
      <h2 className='px-2 pt-4 pb-1 text-xs font-medium text-muted'>Waiting to be sent</h2>
      <ul>
        {begun.map(({ chat_id, written }) => (
          <li key={chat_id} className='flex items-center rounded-control hover:bg-hover'>
            <Link
              to='/chat/$chatId'
              params={{ chatId: chat_id }}
              onClick={onOpened}
              className='flex min-h-control min-w-0 grow items-center gap-2 px-2 text-sm'
            >
              <Clock aria-hidden className='size-4 shrink-0 text-muted' />
              <span className='truncate'>{readableTitle(written.text, tools)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
