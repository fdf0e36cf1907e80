// What is the person's own in this team: their accounts at its servers, and what they never want to be asked again.
import { Section } from '@/ui/page.tsx'
import { MyAccounts } from './my-accounts.tsx'
import { StandingApprovals } from './standing-approvals.tsx'

export function PersonalTab() {
  return (
    <>
      <Section title='My accounts'>
        <MyAccounts />
      </Section>
      <Section title='Always for me'>
        <StandingApprovals />
      </Section>
    </>
  )
}
