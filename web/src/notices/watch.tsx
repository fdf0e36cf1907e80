// Says what is new, once, wherever the person is in the app. Draws nothing that can be seen.
import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { count } from '@/lib/format.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { executionAt, freshIn, type Known, knownOf, unreadIn } from './fresh.ts'
import { noticesQuery } from './notice-queries.ts'
import { useMarkRead } from './use-mark-read.ts'

type Props = {
  /** The list is open: what is new appears in it, and is only read out. */
  listed: boolean
  onShow: () => void
}

export function NoticeWatch({ listed, onShow }: Props) {
  const { team_id } = useTeam()
  const { id: me } = useSession()
  const navigate = useNavigate()
  const { data: notices } = useQuery(noticesQuery(team_id))
  const looked = useRouterState({ select: ({ location }) => executionAt(location.pathname) })
  const [said, say] = useState('')
  const known = useRef<{ team_id: string; notices: Known } | null>(null)
  const { mutate: read } = useMarkRead()
  useEffect(() => {
    if (!notices) return
    // What is on the screen already is read.
    const seen = unreadIn(notices).filter(({ execution_id }) => execution_id === looked)
    if (seen.length > 0) read(seen)
    const before = known.current?.team_id === team_id ? known.current.notices : null
    known.current = { team_id, notices: knownOf(notices) }
    const fresh = freshIn(notices, before).filter(({ execution_id }) => execution_id !== looked)
    if (fresh.length === 0) return
    if (listed) return say(`${count(fresh.length, 'new notice')} in the list`)
    const open = (executionId: string) =>
      void navigate({ to: '/activity/$executionId', params: { executionId } })
    void import('./tell.ts').then(({ tell }) => tell({ team_id, me, fresh, open, onShow }))
  }, [notices, looked, listed, team_id, me, read, navigate, onShow])
  return <output className='sr-only'>{said}</output>
}
