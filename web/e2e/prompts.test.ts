// A server's prompt: found in the list over the composer, filled in with the server's suggestions, and put into
// the message for the person to look at.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { foundTeam } from './api.ts'
import { gone, message, say, seen } from './conversation.ts'
import { journey } from './journey.ts'

const fromPrompt = (page: Page) =>
  page.getByRole('list', { name: 'With this message' })
    .getByText('Prompt “Team Management” from Everything')

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'its words land in the message with the help of its suggestions, and nothing is sent',
    async ({ stage }) => {
      const page = await stage.open({ on, as: (await foundTeam()).owner })
      await page.getByRole('button', { name: 'Tools' }).click()
      await page.getByRole('tab', { name: 'Prompts' }).click()
      await page.getByRole('option', { name: /^Team Management/ }).click()
      const dialog = page.getByRole('dialog', { name: 'Team Management' })
      await dialog.getByRole('textbox', { name: 'Department' }).fill('S')
      await gone(dialog.getByRole('button', { name: 'Engineering' }))
      await dialog.getByRole('button', { name: 'Sales' }).click()
      expect(await dialog.getByRole('textbox', { name: 'Department' }).inputValue()).toBe('Sales')
      // One answer narrows the next.
      await seen(dialog.getByRole('button', { name: 'Frank' }))
      expect(await dialog.getByRole('button', { name: 'Alice' }).count()).toBe(0)
      await dialog.getByRole('button', { name: 'Put into the message' }).click()
      await seen(dialog.getByText('This is needed'))
      await dialog.getByRole('button', { name: 'Frank' }).click()
      await dialog.getByRole('button', { name: 'Put into the message' }).click()

      await gone(dialog)
      expect(await message(page).inputValue()).toBe(
        'Please promote Frank to the head of the Sales team.',
      )
      await seen(fromPrompt(page))
      expect(await page.getByRole('heading', { name: 'You said' }).count()).toBe(0)
      await say(page, 'echo promoted')
      await gone(fromPrompt(page))
      await seen(page.getByText('Echo: promoted').first())
    },
  )
})

journey(
  'with keys alone: → to the prompts, Enter opens, what was written stays',
  async ({ stage }) => {
    const page = await stage.open({ on: 'desktop', as: (await foundTeam()).owner })
    await seen(message(page))
    await page.keyboard.type('/')
    await seen(page.getByRole('listbox', { name: 'Tools' }))
    await page.keyboard.press('ArrowRight')
    await seen(page.getByRole('option', { name: /^Simple Prompt/ }))
    await page.keyboard.type('args')
    await seen(page.getByRole('option', { name: /^Arguments Prompt/, selected: true }))
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Arguments Prompt' })
    await seen(dialog)
    await page.keyboard.type('Oslo')
    await page.keyboard.press('Enter')
    await gone(dialog)
    expect(await message(page).inputValue()).toMatch(/weather in Oslo/)
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  },
)

journey(
  'servers that cannot be asked are named, and take nothing from the rest',
  async ({ stage }) => {
    const team = await foundTeam()
    stage.expectProblem(/503/)
    const page = await stage.open({ on: 'phone', as: team.owner })
    await seen(message(page))
    await page.route('**/functions/v1/mcp-client', (route) => {
      const asked = route.request().postDataJSON() as { action: string }
      if (asked.action !== 'list_prompts') return route.continue()
      const error = { code: 'unavailable', message: 'The server does not answer.', request_id: 'r' }
      return route.fulfill({ status: 503, json: { error } })
    })
    await page.getByRole('button', { name: 'Tools' }).click()
    await page.getByRole('tab', { name: 'Prompts' }).click()
    await seen(page.getByText('Everything could not be asked. The server does not answer.'))
    await page.getByRole('tab', { name: 'Resources' }).click()
    await seen(page.getByRole('option', { name: /^features\.md/ }))
  },
)
