// What was said stays said: after a reload, in the list, under the name the person gives it, until they delete it.
import { describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import { foundTeam, join } from './api.ts'
import { card, gone, message, openList, say, seen } from './conversation.ts'
import { journey } from './journey.ts'

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('a conversation survives a reload, is renamed, and is deleted', async ({ stage }) => {
    const person = await join(await foundTeam(), 'Mia', 'member')
    const page = await stage.open({ on, as: person })
    await say(page, 'echo remember the milk')
    await seen(page.getByText('Echo: remember the milk').first())

    await page.reload()
    await seen(page.getByText('echo remember the milk', { exact: true }).first())
    await seen(card(page, 'Echo'))
    await seen(page.getByText('Echo: remember the milk').first())

    await openList(page, on)
    await choose(page, 'echo remember the milk', 'Rename')
    await page.getByRole('textbox', { name: 'Name' }).fill('Shopping')
    await page.getByRole('button', { name: 'Rename', exact: true }).click()
    const item = page.getByRole('link', { name: 'Shopping', exact: true })
    await seen(item)

    await choose(page, 'Shopping', 'Delete')
    await page.getByRole('button', { name: 'Delete chat' }).click()
    await gone(item)
    await page.waitForURL(/\/chat$/)
    await page.reload()
    await seen(message(page))
    await openList(page, on)
    await seen(page.getByText('Your chats will be listed here.'))
  })

  journey('a draft is still there when the page is opened again', async ({ stage }) => {
    const page = await stage.open({ on, as: 'member@acme.test' })
    await message(page).fill('half a thought')
    await page.reload()
    await seen(message(page))
    expect(await message(page).inputValue()).toBe('half a thought')
  })
})

journey('the address of somebody else’s chat says nothing about it', async ({ stage }) => {
  const mine = await stage.open({ on: 'phone', as: 'member@acme.test' })
  await say(mine, 'echo between us')
  await seen(mine.getByText('Echo: between us').first())
  const colleague = await stage.open({
    on: 'phone',
    as: 'owner@acme.test',
    at: new URL(mine.url()).pathname,
  })
  await seen(colleague.getByText('This chat is not there'))
  expect(await colleague.getByText('between us').count()).toBe(0)
})

async function choose(page: Page, chat: string, action: string): Promise<void> {
  const more = page.getByRole('button', { name: `More for ${chat}` })
  await page.getByRole('link', { name: chat, exact: true }).hover()
  await more.click()
  await page.getByRole('menuitem', { name: action }).click()
}
