// What waits for a person, and what is chosen from the list over the composer, as screens: nothing axe objects
// to, nothing cut off, nothing too small to hit.
import type { Page } from 'playwright-core'
import { foundTeam } from './api.ts'
import { say, seen } from './conversation.ts'
import { type ShownScreen, walkScreens } from './screen-journeys.ts'

async function list(page: Page, kind: 'Prompts' | 'Resources'): Promise<void> {
  await page.getByRole('button', { name: 'Tools' }).click()
  await page.getByRole('tab', { name: kind }).click()
  await seen(page.getByRole('option').first())
}

const screens: ShownScreen[] = [
  ['a form that a server asks for', async (page) => {
    await say(page, '/everything__trigger-elicitation-request {}')
    await seen(page.getByRole('button', { name: 'Decline' }))
  }],
  ['a page that a server wants opened', async (page) => {
    const asked = { url: `https://login.example/${'long/'.repeat(40)}`, message: 'Go there.' }
    await say(page, `/everything__trigger-url-elicitation ${JSON.stringify(asked)}`)
    await seen(page.getByRole('button', { name: 'Decline' }))
  }],
  ['the record of a call that waits', async (page) => {
    await say(page, '/everything__trigger-elicitation-request {}')
    await seen(page.getByRole('button', { name: 'Decline' }))
    await page.goto(new URL('/activity?status=waiting', page.url()).href)
    await page.getByRole('link', { name: /Trigger Elicitation/ }).click()
    await seen(page.getByRole('button', { name: 'Decline' }))
  }],
  ['the list of prompts', (page) => list(page, 'Prompts')],
  ['a prompt with its suggestions', async (page) => {
    await list(page, 'Prompts')
    await page.getByRole('option', { name: /^Team Management/ }).click()
    await seen(page.getByRole('button', { name: 'Marketing' }))
  }],
  ['a resource that is looked at', async (page) => {
    await list(page, 'Resources')
    await page.getByRole('option', { name: /^features\.md/ }).click()
    await seen(page.getByRole('dialog').getByRole('heading', { name: /Features$/ }))
  }],
  ['a message with a resource attached, and one that was sent', async (page) => {
    for (const words of ['echo one', 'echo two']) {
      await list(page, 'Resources')
      await page.getByRole('option', { name: /^startup\.md/ }).click()
      await page.getByRole('button', { name: 'Attach to the message' }).click()
      if (words === 'echo one') await say(page, words)
      await seen(page.getByText('startup.md from Everything').first())
    }
  }],
  ['links in a result, one of them read', async (page) => {
    await say(page, '/everything__get-resource-links {"count": 2}')
    await page.getByRole('button', { name: /^Read / }).first().click()
    await seen(page.getByText('57 bytes').first())
  }],
]

walkScreens(screens, async () => (await foundTeam()).owner)
