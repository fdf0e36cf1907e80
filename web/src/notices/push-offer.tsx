// Offered once, where it makes sense: a call waits for the person, who may be told of the next one while the app is
// closed. Whoever says no is not asked on this device again; the settings have the same switch.
import { useState } from 'react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { BellRing, X } from 'lucide-react'
import { call } from '@/lib/call.ts'
import { keep } from '@/lib/kept.ts'
import { pushState, switchOn } from '@/lib/push.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { toast } from '@/ui/toast.tsx'

export function PushOffer() {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const [answered, setAnswered] = useState(false)
  const { data: key } = useQuery({
    queryKey: ['team', team_id, 'push-offer'],
    queryFn: () => offer(team_id),
  })
  const done = () => {
    keep('push-offer', 'answered')
    setAnswered(true)
  }
  const turning = useMutation({
    mutationFn: (public_key: string) => switchOn(team_id, public_key),
    onSuccess: () => toast({ tone: 'ok', text: 'You are told on this device from now on.' }),
    onError: (error) => toast({ tone: 'bad', text: error.message }),
    onSettled: async () => {
      done()
      await client.invalidateQueries({ queryKey: ['team', team_id, 'push'] })
    },
  })
  if (!key || answered) return null
  return (
    <aside
      aria-label='Notifications'
      className='flex items-center gap-x-3 border-b border-line bg-surface pt-[calc(0.25rem+var(--safe-top))] pr-1 pb-1 pl-4 lg:pl-8'
    >
      <BellRing aria-hidden className='size-4 shrink-0 text-muted' />
      <p className='min-w-0 grow text-sm text-balance'>
        Be told on this device, even while Astra is closed?
      </p>
      <Button busy={turning.isPending} onClick={() => turning.mutate(key)}>Turn on</Button>
      <IconButton label='Not on this device' icon={<X aria-hidden />} onClick={done} />
    </aside>
  )
}

/** What to subscribe with; null where there is nothing to offer. */
async function offer(team_id: string): Promise<string | null> {
  if (await pushState() !== 'off') return null
  return (await call('get_push', { team_id })).public_key
}
