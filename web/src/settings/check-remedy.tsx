// What helps where a test failed, right there: another address, signing in, or another key.
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { AccountButtons } from './account-buttons.tsx'
import { teamAccount } from './account-state.ts'
import { EditServerDialog } from './edit-server-dialog.tsx'
import { myAccountsQuery, type ServerRow } from './queries.ts'
import type { Check } from './use-check.ts'

type Props = { server: ServerRow; state: Check; returnTo?: string; onSaved: () => void }

export function CheckRemedy({ server, state, returnTo, onSaved }: Props) {
  const { team_id } = useTeam()
  const mine = useQuery(myAccountsQuery(team_id))
  const [editing, setEditing] = useState(false)
  const failed = state.steps.find(({ outcome }) => outcome === 'failed')?.step
  if (failed === 'resolve' || failed === 'tls' || failed === 'transport') {
    return (
      <>
        <Button icon={<Pencil aria-hidden />} onClick={() => setEditing(true)}>
          Change the address
        </Button>
        {editing && (
          <EditServerDialog
            server={server}
            onClose={() => setEditing(false)}
            onSaved={onSaved}
          />
        )}
      </>
    )
  }
  if (failed !== 'sign_in' && !state.wantsSignIn) return null
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
