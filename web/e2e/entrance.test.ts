// Coming in and going out: an account, a team, what an empty place teaches, and a wrong password.
import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { demoPassword } from './api.ts'
import { message, seen } from './conversation.ts'
import { journey } from './journey.ts'

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'a newcomer signs up, names a team, learns what to do, leaves and comes back',
    async ({ stage }) => {
      const email = `nina-${randomUUID().slice(0, 8)}@journey.test`
      const page = await stage.open({ on })
      await page.waitForURL(/\/sign-in/)
      await page.getByRole('link', { name: 'Create an account' }).click()
      await page.getByRole('textbox', { name: 'Your name' }).fill('Nina Novak')
      await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
      await page.getByLabel('Password').fill(demoPassword)
      await page.getByRole('button', { name: 'Create account' }).click()

      await seen(page.getByRole('heading', { name: 'Name your team' }))
      await seen(page.getByText(email))
      await page.getByRole('textbox', { name: 'Team name' }).fill('Nine Lives')
      await page.getByRole('button', { name: 'Create team' }).click()

      await seen(page.getByText('Nine Lives has no servers yet'))
      await page.getByRole('link', { name: 'Add a server' }).click()
      await seen(page.getByText('No servers yet'))
      await seen(page.getByText(/Paste the address of any MCP server/))

      await page.getByRole('button', { name: /^Account and team: Nine Lives/ }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await seen(page.getByRole('heading', { name: 'Sign in to Astra' }))
      expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([])

      await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
      await page.getByLabel('Password').fill(demoPassword)
      await page.getByRole('button', { name: 'Sign in' }).click()
      // Back where they left.
      await seen(page.getByText('No servers yet'))
    },
  )

  journey(
    'a wrong password is answered with a sentence, and the e-mail stays',
    async ({ stage }) => {
      stage.expectProblem(/status of 400/)
      const page = await stage.open({ on, at: '/sign-in' })
      await page.getByRole('textbox', { name: 'E-mail' }).fill('member@acme.test')
      await page.getByLabel('Password').fill('not-the-password')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await seen(page.getByRole('alert').filter({ hasText: 'E-mail or password is wrong.' }))
      expect(await page.getByRole('textbox', { name: 'E-mail' }).inputValue())
        .toBe('member@acme.test')
    },
  )
})

journey('whoever follows a link is brought to it after signing in', async ({ stage }) => {
  const page = await stage.open({ on: 'desktop', at: '/analytics?range=30d' })
  await page.waitForURL(/\/sign-in/)
  await page.getByRole('textbox', { name: 'E-mail' }).fill('analyst@acme.test')
  await page.getByLabel('Password').fill(demoPassword)
  await page.keyboard.press('Enter')
  await seen(page.getByRole('heading', { level: 1, name: 'Usage' }))
  expect(new URL(page.url()).search).toBe('?range=30d')
})

journey('a link cannot send anyone elsewhere after signing in', async ({ stage }) => {
  const page = await stage.open({ on: 'desktop', at: '/sign-in?to=//example.com/x' })
  await page.getByRole('textbox', { name: 'E-mail' }).fill('analyst@acme.test')
  await page.getByLabel('Password').fill(demoPassword)
  await page.keyboard.press('Enter')
  await seen(message(page))
  expect(new URL(page.url()).pathname).toBe('/chat')
})
