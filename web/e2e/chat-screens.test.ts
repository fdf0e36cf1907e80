// Private and team chats, and what is asked about them, as screens: nothing axe objects to, nothing cut off, nothing
// too small to hit.
import type { Page } from 'playwright-core'
import { chatMenu, openList, say, seen } from './conversation.ts'
import { type Scene, type StagedScreen, walkStaged } from './screen-journeys.ts'

const member = 'member@acme.test'
const analyst = 'analyst@acme.test'

async function answered({ stage, on }: Scene, words: string): Promise<Page> {
  const page = await stage.open({ on, as: member })
  await say(page, words)
  await seen(page.getByRole('main').getByRole('button', { name: / in Everything/ }).last())
  return page
}

const screens: StagedScreen[] = [
  ['a new team chat', async ({ stage: { open }, on }) => {
    const page = await open({ on, as: member, at: '/chat?with=team' })
    await seen(page.getByText('Everyone in Acme will read this chat'))
    await seen(page.getByRole('list', { name: 'Things to try' }))
    return page
  }],
  ['a chat of two people', async ({ stage: { open }, on }) => {
    const first = await open({ on, as: analyst, at: '/chat?with=team' })
    await say(first, 'echo for both')
    await seen(first.getByText('Echo: for both').first())
    const at = new URL(first.url()).pathname
    await first.context().close()
    const page = await open({ on, as: member, at })
    await say(page, 'echo for both too')
    await seen(page.getByText('Echo: for both too').first())
    await seen(page.getByRole('heading', { name: 'analyst@acme.test said' }))
    return page
  }],
  ['a menu of a chat', async (where) => {
    const page = await answered(where, 'echo for the menu')
    await page.getByRole('button', { name: 'This chat' }).click()
    await seen(page.getByRole('menuitem', { name: 'Share with Acme' }))
    return page
  }],
  ['sharing a chat', async (where) => {
    const page = await answered(where, 'echo for sharing')
    await chatMenu(page, 'Share with Acme')
    await seen(page.getByRole('dialog'))
    return page
  }],
  ['found chats', async (where) => {
    const page = await answered(where, 'echo for whoever searches')
    await openList(page, where.on)
    await page.getByRole('searchbox', { name: 'Search chats' }).fill('whoever sear')
    await seen(page.getByRole('region', { name: 'Found chats' }).getByRole('link').first())
    return page
  }],
  ['archived chats', async (where) => {
    const page = await answered(where, 'echo for the archive')
    await chatMenu(page, 'Archive')
    await openList(page, where.on)
    await page.getByRole('button', { name: 'Archived chats' }).click()
    await seen(page.getByRole('link', { name: 'echo for the archive' }).first())
    return page
  }],
]

walkStaged(screens)
