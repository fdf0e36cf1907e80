// What is the person's own: their accounts at the team's servers, where they are told, and what they never want to be asked again.
import { Section } from '@/ui/page.tsx'
import { MyAccounts } from './my-accounts.tsx'
import { MyDevices } from './my-devices.tsx'
import { StandingApprovals } from './standing-approvals.tsx'

export function PersonalTab() {
  return (
    <>
      <Section title='My accounts'>
        <MyAccounts />
      </Section>
      <Section title='Notifications'>
        <MyDevices />
      </Section>
      <Section title='Always for me'>
        <StandingApprovals />
      </Section>
    </>
  )
}
