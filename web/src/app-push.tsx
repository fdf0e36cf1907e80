// What an open app does about pushes: tells the service worker where it is, goes where a notification leads, keeps
// this device’s subscription as it should be, and offers to be told on it.
import { lazy, Suspense, useEffect } from 'react'
import { useRouter } from '@tanstack/react-router'
import { kept } from './lib/kept.ts'
import type { WindowAsked } from './lib/window-asked.ts'
import { useTeams } from './session/team.tsx'

const PushOffer = lazy(() =>
  import('./notices/push-offer.tsx').then(({ PushOffer }) => ({ default: PushOffer }))
)

export function AppPush({ waiting }: { waiting: boolean }) {
  const { active: { team_id } } = useTeams()
  useAnswers()
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

/** What the service worker asks its windows. */
function useAnswers(): void {
  const { history } = useRouter()
  const { active, all, switchTo } = useTeams()
  useEffect(() => {
    const answer = ({ data, ports }: MessageEvent<WindowAsked | null>) => {
      if (data?.type === 'WHERE') ports[0]?.postMessage(location.pathname)
      if (data?.type !== 'GO') return
      const { pathname, searchParams } = new URL(data.url, location.origin)
      const team = all.find((one) => one.team_id === searchParams.get('team'))
      if (team && team !== active) switchTo(team.team_id)
      history.push(pathname)
      ports[0]?.postMessage(true)
    }
    navigator.serviceWorker?.addEventListener('message', answer)
    return () => navigator.serviceWorker?.removeEventListener('message', answer)
  }, [history, active, all, switchTo])
}
