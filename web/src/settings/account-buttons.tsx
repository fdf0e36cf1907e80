// What can be done about an account at a server: sign in, use a key, renew, disconnect. Admins tend the team's,
// everyone their own; whoever shows these buttons has asked who is who.
import { useState } from 'react'
import { Ellipsis, KeyRound, LogIn, Unplug } from 'lucide-react'
import type { Account } from '@shared/execution.ts'
import { CallError } from '@/lib/call.ts'
import { administers } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Menu, MenuItem } from '@/ui/menu.tsx'
import { toast } from '@/ui/toast.tsx'
import type { Held } from './account-state.ts'
import { ClientDialog } from './client-dialog.tsx'
import { remedyOf } from './connect-words.ts'
import { CredentialDialog } from './credential-dialog.tsx'
import { DisconnectDialog } from './disconnect-dialog.tsx'
import type { ServerRow } from './queries.ts'
import { useConnect } from './use-connect.ts'

type Props = {
  server: ServerRow
  account: Account
  held: Held | null
  /** Something fails, or soon will, until this is done. */
  urgent?: boolean
  /** The server works without: what could be set up stays behind one button. */
  optional?: boolean
  /** Only what helps now: one button. */
  brief?: boolean
  /** The page to come back to from a sign-in; this one by default. */
  returnTo?: string
  /** After a key was entered. */
  onSaved?: () => void
}

export function AccountButtons(props: Props) {
  const { server, account, held, urgent, optional, brief, returnTo, onSaved } = props
  const admin = administers(useTeam().role)
  const [open, setOpen] = useState<'key' | 'client' | 'disconnect' | null>(null)
  const close = () => setOpen(null)
  const { connect, busy } = useConnect({
    server_id: server.id,
    account,
    returnTo,
    onError: (error) => {
      const remedy = remedyOf(error instanceof CallError ? error.details : null)
      const action = remedy === 'key'
        ? { label: 'Use a key', run: () => setOpen('key') }
        : remedy === 'client' && admin
        ? { label: 'Enter it', run: () => setOpen('client') }
        : undefined
      toast({ tone: 'bad', text: error.message, action, sticky: action !== undefined })
    },
  })
  const typed = held !== null && held.credential_type !== 'oauth'
  const look = urgent ? 'primary' : 'secondary'
  const enterKey = () => setOpen('key')
  const signInItem = (label: string) => (
    <MenuItem icon={<LogIn aria-hidden />} onSelect={connect}>{label}</MenuItem>
  )
  const keyItem = (label: string) => (
    <MenuItem icon={<KeyRound aria-hidden />} onSelect={enterKey}>{label}</MenuItem>
  )
  return (
    <div className='flex flex-wrap items-center gap-2'>
      {!held && optional && (
        <Menu trigger={<Button busy={busy}>Set up</Button>}>
          {signInItem('Sign in')}
          {keyItem('Use a key')}
        </Menu>
      )}
      {typed && (
        <Button look={look} icon={<KeyRound aria-hidden />} onClick={enterKey}>Replace</Button>
      )}
      {!typed && !(optional && !held) && (
        <Button look={look} busy={busy} icon={<LogIn aria-hidden />} onClick={connect}>
          {held ? 'Sign in again' : 'Sign in'}
        </Button>
      )}
      {!held && !optional && !brief && (
        <Button icon={<KeyRound aria-hidden />} onClick={enterKey}>Use a key</Button>
      )}
      {held && !brief && (
        <Menu
          trigger={
            <IconButton
              label={`More about ${
                account === 'team' ? 'the team’s' : 'your'
              } account at ${server.name}`}
              icon={<Ellipsis aria-hidden />}
            />
          }
        >
          {typed ? signInItem('Sign in instead') : keyItem('Use a key instead')}
          <MenuItem danger icon={<Unplug aria-hidden />} onSelect={() => setOpen('disconnect')}>
            Disconnect
          </MenuItem>
        </Menu>
      )}
      {open === 'key' && (
        <CredentialDialog
          server={server}
          account={account}
          held={held}
          onClose={close}
          onSaved={onSaved}
        />
      )}
      {open === 'client' && <ClientDialog server={server} onClose={close} />}
      <DisconnectDialog
        server={server}
        account={account}
        open={open === 'disconnect'}
        onClose={close}
      />
    </div>
  )
}
