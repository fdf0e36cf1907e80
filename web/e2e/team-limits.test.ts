// The limits of a team: set by an admin, felt by whoever comes up against one, lifted again.
import { describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import { foundTeam, join } from './api.ts'
import { gone, seen } from './conversation.ts'
import { journey } from './journey.ts'

async function run(page: Page): Promise<void> {
  const trying = page.getByRole('dialog')
  await trying.getByRole('textbox', { name: /^Message/ }).fill('hello')
  await trying.getByRole('button', { name: 'Run' }).click()
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('one call a person: the second is told how long to wait', async ({ stage }) => {
    stage.expectProblem(/status of 429/)
    const team = await foundTeam()
    const page = await stage.open({ on, as: team.owner, at: '/settings?tab=team' })
    await seen(page.getByText(/^In every minute: 600 calls by one person, 6,000 calls/))
    const person = page.getByRole('textbox', { name: 'One person' })
    await person.fill('0')
    await seen(page.getByText('Write a whole number from 1 on'))
    expect(await page.getByRole('button', { name: 'Save limits' }).isDisabled()).toBe(true)
    await person.fill('1')
    await page.getByRole('textbox', { name: 'The whole team' }).fill('')
    await page.getByRole('button', { name: 'Save limits' }).click()
    await seen(page.getByText(/1 call by one person, any number by the whole team\./))

    const member = await join(team, 'Mia', 'member')
    const theirs = await stage.open({ on, as: member, at: `/settings/servers/${team.server_id}` })
    await theirs.getByRole('button', { name: 'Try Echo', exact: true }).click()
    await run(theirs)
    await seen(theirs.getByText('Done', { exact: true }))
    await run(theirs)
    await seen(theirs.getByText(/as many calls as your team allows .* Try again in \d+ (s|min)\.$/))

    await person.fill('')
    await page.getByRole('button', { name: 'Save limits' }).click()
    await seen(page.getByText(/^There is no limit/))
    await run(theirs)
    await gone(theirs.getByText(/Try again in/))
    await seen(theirs.getByText('Done', { exact: true }))
  })

  journey('a member reads the limits, and is offered no webhook', async ({ stage }) => {
    const page = await stage.open({ on, as: 'member@acme.test', at: '/settings?tab=team' })
    await seen(page.getByText(/^In every minute: 600 calls by one person/))
    expect(await page.getByRole('textbox').count()).toBe(0)
    expect(await page.getByText('Webhook').count()).toBe(0)
  })
})
