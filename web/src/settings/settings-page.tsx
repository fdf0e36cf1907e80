// The team's settings: its servers and its people. Which of the two is in the address.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTeam } from '@/session/team.tsx'
import { Page } from '@/ui/page.tsx'
import { Tabs } from '@/ui/tabs.tsx'
import { MembersTab } from './members-tab.tsx'
import { ServersTab } from './servers-tab.tsx'

export function SettingsPage() {
  const team = useTeam()
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const tab = search.tab === 'members' ? 'members' : 'servers'
  return (
    <Page title='Settings' subtitle={team.team_name}>
      <title>Settings · Astra</title>
      <Tabs
        label='Settings'
        value={tab}
        onValueChange={(next) =>
          void navigate({
            to: '/settings',
            search: next === 'members' ? { tab: next } : {},
            replace: true,
          })}
        tabs={[
          { value: 'servers', label: 'Servers', content: <ServersTab /> },
          { value: 'members', label: 'Members', content: <MembersTab /> },
        ]}
      />
    </Page>
  )
}
