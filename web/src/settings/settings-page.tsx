// The team's settings: its servers, its people, its limits, its model, and what is the person's own. Which of them is in the address.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTeam } from '@/session/team.tsx'
import { Page } from '@/ui/page.tsx'
import { Tabs } from '@/ui/tabs.tsx'
import { MembersTab } from './members-tab.tsx'
import { ModelTab } from './model-tab.tsx'
import { PersonalTab } from './personal-tab.tsx'
import { ServersTab } from './servers-tab.tsx'
import { TeamTab } from './team-tab.tsx'
import { useOwnAccounts } from './use-own-accounts.ts'

const tabs = ['servers', 'members', 'team', 'model', 'accounts'] as const

export function SettingsPage() {
  const team = useTeam()
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const tab = tabs.find((tab) => tab === search.tab) ?? 'servers'
  return (
    <Page title='Settings' subtitle={team.team_name}>
      <title>Settings · Astra</title>
      <Tabs
        label='Settings'
        value={tab}
        onValueChange={(next) =>
          void navigate({
            to: '/settings',
            search: next === 'servers' ? {} : { tab: next },
            replace: true,
          })}
        tabs={[
          { value: 'servers', label: 'Servers', content: <ServersTab /> },
          { value: 'members', label: 'Members', content: <MembersTab /> },
          { value: 'team', label: 'Team', content: <TeamTab /> },
          { value: 'model', label: 'Model', content: <ModelTab /> },
          { value: 'accounts', label: <Personal />, content: <PersonalTab /> },
        ]}
      />
    </Page>
  )
}

/** With how many are still to be connected. */
function Personal() {
  const own = useOwnAccounts()
  const missing = own.status === 'read'
    ? own.list.filter(({ needed, mine }) => needed && !mine).length
    : 0
  return (
    <span className='inline-flex items-center gap-1.5'>
      Personal
      {missing > 0 && (
        <span className='min-w-5 rounded-full bg-warn-soft px-1.5 text-center text-xs font-medium text-warn'>
          {missing}
          <span className='sr-only'>{' '}to connect</span>
        </span>
      )}
    </span>
  )
}
