// The person's own corner: which team, light or dark, install, sign out.
import { useState } from 'react'
import { Download, LogOut, Monitor, Moon, Plus, Sun } from 'lucide-react'
import { useNavigate } from '@tanstack/react-router'
import { needsIosHint, promptInstall, useInstallable } from '@/lib/install.ts'
import { setTheme, type Theme, useTheme } from '@/lib/theme.ts'
import { Dialog } from '@/ui/dialog.tsx'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/ui/menu.tsx'
import { TeamForm } from './no-team-page.tsx'
import { signOut, useSession } from './session.tsx'
import { useTeams } from './team.tsx'

const themes: { value: Theme; label: string; icon: typeof Sun }[] = [
  { value: 'system', label: 'As the device', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
]

export function AccountMenu({ side = 'bottom' }: { side?: 'bottom' | 'right' }) {
  const user = useSession()
  const { active, all, switchTo } = useTeams()
  const navigate = useNavigate()
  const [naming, setNaming] = useState(false)
  const enter = (team_id: string) => {
    switchTo(team_id)
    // The open chat, server or execution belongs to the other team.
    void navigate({ to: '/chat' })
  }
  return (
    <>
      <Menu
        side={side}
        align='end'
        trigger={
          <button
            type='button'
            aria-label={`Account and team: ${active.team_name}`}
            className='grid size-control place-items-center rounded-full hover:bg-hover'
          >
            <span
              aria-hidden
              className='grid size-8 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent'
            >
              {initial(user.name || user.email)}
            </span>
          </button>
        }
      >
        <div className='px-2.5 pt-2 pb-1'>
          {user.name && <p className='truncate text-sm font-medium'>{user.name}</p>}
          <p className='truncate text-xs text-muted'>{user.email}</p>
        </div>
        <MenuSeparator />
        <MenuLabel>Team</MenuLabel>
        {all.map(({ team_id, team_name }) => (
          <MenuItem
            key={team_id}
            checked={team_id === active.team_id}
            onSelect={() => enter(team_id)}
          >
            {team_name}
          </MenuItem>
        ))}
        <MenuItem icon={<Plus aria-hidden />} onSelect={() => setNaming(true)}>New team</MenuItem>
        <MenuSeparator />
        <ThemeItems />
        <InstallItem />
        <MenuSeparator />
        <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>Sign out</MenuItem>
      </Menu>
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
