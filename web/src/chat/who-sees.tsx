// For whom a chat is that has not begun: said before anything is written in it, and changed by a tap.
import { Link, useSearch } from '@tanstack/react-router'
import { Lock, Users } from 'lucide-react'
import type { ChatVisibility } from '@shared/chat.ts'
import { useTeam } from '@/session/team.tsx'

/** What the address says of a chat that has not begun. */
export function useWanted(): ChatVisibility {
  return useSearch({ strict: false }).with === 'team' ? 'team' : 'private'
}

export function WhoSees() {
  const { team_name } = useTeam()
  const team = useWanted() === 'team'
  const Icon = team ? Users : Lock
  return (
    <p className='flex items-start gap-2 text-sm text-muted'>
      <Icon aria-hidden className='mt-0.5 size-4 shrink-0' />
      <span>
        {team
          ? `Everyone in ${team_name} will read this chat and may write in it.`
          : 'Only you will see this chat. You can share it later.'}{' '}
        <Link
          to='.'
          search={(search) => ({ ...search, with: team ? undefined : 'team' })}
          replace
          className='inline-block py-3 -my-3 text-accent underline underline-offset-2'
        >
          {team ? 'Keep it private' : 'Make it a team chat'}
        </Link>
      </span>
    </p>
  )
}
