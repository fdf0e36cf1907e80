// What holds for the whole team: its limits, and which program outside of Astra is told what happens. Admins change it.
import { administers } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { Section } from '@/ui/page.tsx'
import { TeamLimits } from './team-limits.tsx'
import { TeamWebhook } from './team-webhook.tsx'

export function TeamTab() {
  const { role } = useTeam()
  return (
    <>
      <Section title='Limits'>
        <TeamLimits />
      </Section>
      {administers(role) && (
        <Section title='Webhook'>
          <TeamWebhook />
        </Section>
      )}
    </>
  )
}
