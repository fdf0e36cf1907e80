// What holds for the whole team: its limits, and who outside of Astra is told what happens. Admins change it.
import { Section } from '@/ui/page.tsx'
import { TeamLimits } from './team-limits.tsx'

export function TeamTab() {
  return (
    <Section title='Limits'>
      <TeamLimits />
    </Section>
  )
}
