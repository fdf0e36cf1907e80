// What waits and what was kept, as screens: nothing axe objects to, nothing cut off, nothing too small to hit.
import type { Page } from 'playwright-core'
import { foundTeam, join } from './api.ts'
import { message, say, seen } from './conversation.ts'
import { type Scene, type StagedScreen, walkStaged } from './screen-journeys.ts'

async function answered({ stage, on }: Scene): Promise<Page> {
  stage.expectProblem(/ERR_INTERNET_DISCONNECTED/)
  const person = await join(await foundTeam(), 'Mia', 'member')
  const page = await stage.open({ on, as: person })
  await say(page, 'echo before the tunnel')
  await seen(page.getByText('Echo: before the tunnel').first())
  // What is loaded when it is first needed is there once the worker has taken over.
  await page.evaluate(async () => void await navigator.serviceWorker.ready)
  await page.reload()
  await seen(page.getByText('Echo: before the tunnel').first())
  await page.context().setOffline(true)
  await seen(page.getByText('You are offline.'))
  return page
}

async function waiting(scene: Scene): Promise<Page> {
  const page = await answered(scene)
  await say(page, 'echo in the tunnel')
  await seen(page.getByText(/Will be sent when/))
  return page
}

const screens: StagedScreen[] = [
  ['a chat that was read before', answered],
  ['a message that waits', waiting],
  ['a message that waits, being changed', async (scene) => {
    const page = await waiting(scene)
    await page.getByRole('main').getByRole('button', { name: 'Edit', exact: true }).click()
    await seen(page.getByRole('textbox', { name: 'Message that waits' }))
    return page
  }],
  ['a command that is to run later', async (scene) => {
    const page = await answered(scene)
    await message(page).fill('/everything__get-sum {"a":2,"b":3}')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await seen(page.getByRole('dialog', { name: 'Run it later?' }))
    return page
  }],
  ['the list with a chat begun offline', async (scene) => {
    const page = await answered(scene)
    await page.getByRole('link', { name: 'New chat' }).click()
    await say(page, 'echo from nowhere')
    await seen(page.getByText(/Will be sent when/))
    const opener = page.getByRole('button', { name: 'Chats', exact: true })
    if (await opener.isVisible()) await opener.click()
    await seen(page.getByRole('heading', { name: 'Waiting to be sent' }))
    return page
  }],
  ['signing out with a message that waits', async (scene) => {
    const page = await waiting(scene)
    await page.getByRole('button', { name: /^Account and team/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await seen(page.getByRole('dialog'))
    return page
  }],
]

walkStaged(screens)
