// What helps where a test ended for want of a sign-in: signing in, or another key, right there.
import { useQuery } from '@tanstack/react-query'
import { useTeam } from '@/session/team.tsx'
import { AccountButtons } from './account-buttons.tsx'
import { teamAccount } from './account-state.ts'
import { myAccountsQuery, type ServerRow } from './queries.ts'
import type { Check } from './use-check.ts'

type Props = { server: ServerRow; state: Check; returnTo?: string; onSaved: () => void }

export function CheckRemedy({ server, state, returnTo, onSaved }: Props) {
  const { team_id } = useTeam()
  const mine = useQuery(myAccountsQuery(team_id))
  const failed = state.steps.find(({ outcome }) => outcome === 'failed')
  if (failed?.step !== 'sign_in' && !state.wantsSignIn) return null
  const held = server.account === 'team' ? teamAccount(server) : mine.data?.get(server.id) ?? null
  return (
    <AccountButtons
      urgent
      server={server}
      account={server.account}
      held={held}
      returnTo={returnTo}
      onSaved={onSaved}
    />
  )
}
