// The active team of the signed-in person. A person without one is asked to create it; nothing below renders until there is one.
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { Membership } from '@shared/team.ts'
import { FailedState } from '@/ui/empty-state.tsx'
import { Spinner } from '@/ui/spinner.tsx'
import { activeTeam, membershipsQuery, rememberTeam } from './memberships.ts'
import { NoTeamPage } from './no-team-page.tsx'
import { useSession } from './session.tsx'

type Teams = { active: Membership; all: Membership[]; switchTo: (team_id: string) => void }

const TeamContext = createContext<Teams | null>(null)

export function TeamProvider({ children }: { children: ReactNode }) {
  const user = useSession()
  const memberships = useQuery(membershipsQuery(user.id))
  const [chosen, choose] = useState<string | null>(teamInAddress)
  const teams = useMemo(() => {
    const all = memberships.data ?? []
    const active = all.find(({ team_id }) => team_id === chosen) ?? activeTeam(user.id, all)
    const switchTo = (team_id: string) => {
      rememberTeam(user.id, team_id)
      choose(team_id)
    }
    return active && { active, all, switchTo }
  }, [memberships.data, chosen, user.id])

  if (teams) return <TeamContext value={teams}>{children}</TeamContext>
  if (memberships.isFetching) {
    return (
      <div className='grid h-(--app-height) place-items-center'>
        <Spinner label='Loading your teams' className='size-6 text-muted' />
      </div>
    )
  }
  if (memberships.data) return <NoTeamPage />
  return (
    <FailedState
      title='Your teams could not be read'
      error={memberships.error}
      onRetry={() => void memberships.refetch()}
    />
  )
}

/** A notification leads to a call of its own team, whichever was looked at last. */
const teamInAddress = () => new URLSearchParams(location.search).get('team')

/** The active team and what the person is in it. Only below the signed-in part of the app. */
export function useTeam(): Membership {
  return useTeams().active
}

export function useTeams(): Teams {
  const teams = useContext(TeamContext)
  if (!teams) throw new Error('useTeam outside the signed-in app')
  return teams
}
