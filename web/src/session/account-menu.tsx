// The person's own corner: which team, light or dark, install, sign out.
import { type ComponentProps, useState } from 'react'
import { Download, LogOut, Monitor, Moon, Plus, Sun, UserRoundCog } from 'lucide-react'
import { useNavigate } from '@tanstack/react-router'
import { needsIosHint, promptInstall, useInstallable } from '@/lib/install.ts'
import { setTheme, type Theme, useTheme } from '@/lib/theme.ts'
import { count } from '@/lib/format.ts'
import { ConfirmDialog, Dialog } from '@/ui/dialog.tsx'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/ui/menu.tsx'
import { TeamForm } from './no-team-page.tsx'
import { signOut, useSession } from './session.tsx'
import { useTeams } from './team.tsx'

const themes: { value: Theme; label: string; icon: typeof Sun }[] = [
  { value: 'system', label: 'As the device', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
]

type Props = {
  side?: 'bottom' | 'right'
  /** Messages that have not left this device: signing out loses them. */
  waiting: number
}

export function AccountMenu({ side = 'bottom', waiting }: Props) {
  const { switchTo } = useTeams()
  const navigate = useNavigate()
  const [naming, setNaming] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const enter = (team_id: string) => {
    switchTo(team_id)
    // The open chat, server or execution belongs to the other team.
    void navigate({ to: '/chat' })
  }
  return (
    <>
      <Menu side={side} align='end' trigger={<AccountButton />}>
        <Person />
        <MenuSeparator />
        <TeamItems onEnter={enter} onNew={() => setNaming(true)} />
        <MenuSeparator />
        <MenuItem
          icon={<UserRoundCog aria-hidden />}
          onSelect={() => void navigate({ to: '/settings', search: { tab: 'accounts' } })}
        >
          Personal settings
        </MenuItem>
        <MenuSeparator />
        <ThemeItems />
        <InstallItem />
        <MenuSeparator />
        <MenuItem
          icon={<LogOut aria-hidden />}
          onSelect={() => waiting > 0 ? setLeaving(true) : void signOut()}
        >
          Sign out
        </MenuItem>
      </Menu>
      <ConfirmDialog
        open={leaving}
        onOpenChange={setLeaving}
        title='Sign out and lose what was not sent?'
        confirmLabel='Sign out'
        danger
        onConfirm={() => void signOut()}
      >
        {count(waiting, 'message waits', 'messages wait')}{' '}
        to be sent from this device. Signing out deletes what waits.
      </ConfirmDialog>
      <Dialog open={naming} onOpenChange={setNaming} title='New team'>
        <TeamForm
          onCreated={(team_id) => {
            setNaming(false)
            enter(team_id)
          }}
        />
      </Dialog>
    </>
  )
}

/** Takes what the menu hands its trigger. */
function AccountButton(props: ComponentProps<'button'>) {
  const { name, email } = useSession()
  const { active } = useTeams()
  return (
    <button
      type='button'
      {...props}
      aria-label={`Account and team: ${active.team_name}`}
      className='grid size-control shrink-0 place-items-center rounded-full hover:bg-hover'
    >
      <span
        aria-hidden
        className='grid size-8 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent'
      >
        {initial(name || email)}
      </span>
    </button>
  )
}

function Person() {
  const { name, email } = useSession()
  return (
    <div className='px-2.5 pt-2 pb-1'>
      {name && <p className='truncate text-sm font-medium'>{name}</p>}
      <p className='truncate text-xs text-muted'>{email}</p>
    </div>
  )
}

function TeamItems({ onEnter, onNew }: { onEnter: (team_id: string) => void; onNew: () => void }) {
  const { active, all } = useTeams()
  return (
    <>
      <MenuLabel>Team</MenuLabel>
      {all.map(({ team_id, team_name }) => (
        <MenuItem
          key={team_id}
          checked={team_id === active.team_id}
          onSelect={() => onEnter(team_id)}
        >
          {team_name}
        </MenuItem>
      ))}
      <MenuItem icon={<Plus aria-hidden />} onSelect={onNew}>New team</MenuItem>
    </>
  )
}

function ThemeItems() {
  const theme = useTheme()
  return (
    <>
      <MenuLabel>Appearance</MenuLabel>
      {themes.map(({ value, label, icon: Icon }) => (
        <MenuItem
          key={value}
          icon={<Icon aria-hidden />}
          checked={theme === value}
          onSelect={() => setTheme(value)}
        >
          {label}
        </MenuItem>
      ))}
    </>
  )
}

function InstallItem() {
  const installable = useInstallable()
  if (installable) {
    return (
      <>
        <MenuSeparator />
        <MenuItem icon={<Download aria-hidden />} onSelect={() => void promptInstall()}>
          Install Astra
        </MenuItem>
      </>
    )
  }
  if (!needsIosHint()) return null
  return <MenuLabel>To install Astra: Share, then “Add to Home Screen”</MenuLabel>
}

function initial(name: string): string {
  return (name.trim()[0] ?? '?').toUpperCase()
}
