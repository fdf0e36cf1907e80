// What an open app does about pushes: keeps this device’s subscription as it should be, and offers to be told on it.
// Neither is there before it is needed.
import { lazy, Suspense, useEffect } from 'react'
import { kept } from './lib/kept.ts'
import { useTeam } from './session/team.tsx'

const PushOffer = lazy(() =>
  import('./notices/push-offer.tsx').then(({ PushOffer }) => ({ default: PushOffer }))
)

export function AppPush({ waiting }: { waiting: boolean }) {
  const { team_id } = useTeam()
  useEffect(() => {
    if (kept('device')) {
      void import('./lib/push.ts').then(({ refresh }) => refresh(team_id)).catch(() => {})
    }
  }, [team_id])
  return waiting && mayBeAsked()
    ? (
      <Suspense fallback={null}>
        <PushOffer />
      </Suspense>
    )
    : null
}

/** Neither the person nor their browser has said yes or no yet. */
function mayBeAsked(): boolean {
  return 'Notification' in globalThis && Notification.permission === 'default' &&
    !kept('push-offer')
}
