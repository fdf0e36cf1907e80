// Written in the lift, sent in the street: what waits is shown, can be changed, and leaves once, in order.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { ask, foundTeam, join, type OwnTeam, type Session } from './api.ts'
import { gone, idInAddress, message, say, seen } from './conversation.ts'
import { journey, type Opened } from './journey.ts'

const offline = /ERR_INTERNET_DISCONNECTED/
const waits = (page: Page) => page.getByText(/Will (be sent|run) /)

async function personOf(team: OwnTeam): Promise<Session> {
  return await join(team, 'Mia', 'member')
}

/** What the database has of a chat, in order. */
async function saidIn(person: Session, chat_id: string): Promise<string[]> {
  const path = `/rest/v1/astra_messages?select=parts&role=eq.user&chat_id=eq.${chat_id}` +
    '&order=created_at'
  const { body } = await ask(path, { method: 'GET', session: person })
  return (body as { parts: { text: string }[] }[]).map(({ parts }) => parts[0]!.text)
}

/** A page the service worker answers for, with one answered message. */
async function begun(stage: Opened, on: 'phone' | 'desktop') {
  stage.expectProblem(offline)
  const person = await personOf(await foundTeam())
  const page = await stage.open({ on, as: person })
  await say(page, 'echo before the tunnel')
  await seen(page.getByText('Echo: before the tunnel').first())
  await page.evaluate(async () => void await navigator.serviceWorker.ready)
  await page.reload()
  await seen(page.getByText('Echo: before the tunnel').first())
  return { page, person, chat_id: idInAddress(page) }
}

async function goOffline(page: Page): Promise<void> {
  await page.context().setOffline(true)
  await seen(page.getByText('You are offline.'))
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'two messages written offline survive a reload and are each sent once, in order',
    async ({ stage }) => {
      const { page, person, chat_id } = await begun(stage, on)
      await goOffline(page)
      await say(page, 'echo first in the tunnel')
      await say(page, 'echo second in the tunnel')
      await waits(page).nth(1).waitFor()
      await seen(page.getByText('2 messages wait to be sent.'))
      await page.reload()
      await waits(page).nth(1).waitFor()
      expect(await saidIn(person, chat_id)).toHaveLength(1)

      await page.context().setOffline(false)
      await seen(page.getByText('Echo: first in the tunnel').first())
      await seen(page.getByText('Echo: second in the tunnel').first())
      await gone(waits(page).first())
      expect(await saidIn(person, chat_id)).toEqual([
        'echo before the tunnel',
        'echo first in the tunnel',
        'echo second in the tunnel',
      ])
    },
  )

  journey(
    'while it waits a message can be rewritten, or taken back and never sent',
    async ({ stage }) => {
      const { page, person, chat_id } = await begun(stage, on)
      await goOffline(page)
      await say(page, 'echo to be rewritten')
      await say(page, 'echo to be taken back')
      await waits(page).nth(1).waitFor()
      await page.getByRole('button', { name: 'Take back' }).last().click()
      await gone(page.getByText('echo to be taken back'))
      await page.getByRole('main').getByRole('button', { name: 'Edit', exact: true })
        .click()
      const box = page.getByRole('textbox', { name: 'Message that waits' })
      await box.fill('echo rewritten')
      // It comes back online under the writer’s hands: nothing leaves before it is saved.
      await page.context().setOffline(false)
      await gone(page.getByText('You are offline.'))
      await page.getByRole('button', { name: 'Save' }).click()
      await seen(page.getByText('Echo: rewritten').first())
      expect(await saidIn(person, chat_id)).toEqual(['echo before the tunnel', 'echo rewritten'])
    },
  )

  journey(
    'a chat begun offline waits in the list, and is there once the network is back',
    async ({ stage }) => {
      const { page, person } = await begun(stage, on)
      await goOffline(page)
      await page.getByRole('link', { name: 'New chat' }).click()
      await say(page, 'echo from nowhere')
      await seen(waits(page))
      const chat_id = idInAddress(page)
      await page.getByRole('link', { name: 'New chat' }).click()
      const list = page.getByRole('button', { name: 'Chats', exact: true })
      if (await list.isVisible()) await list.click()
      await page.getByRole('link', { name: 'echo from nowhere' }).click()
      await seen(waits(page))
      await page.context().setOffline(false)
      await seen(page.getByText('Echo: from nowhere').first())
      expect(await saidIn(person, chat_id)).toEqual(['echo from nowhere'])
    },
  )
})

journey(
  'a command waits only after its person has seen that it will run later',
  async ({ stage }) => {
    const { page, person, chat_id } = await begun(stage, 'phone')
    await goOffline(page)
    await message(page).fill('/everything__get-sum {"a":2,"b":3}')
    await seen(page.getByText('Offline. This will run when you’re back online.'))
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await seen(page.getByRole('dialog', { name: 'Run it later?' }))
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(await message(page).inputValue()).toBe('/everything__get-sum {"a":2,"b":3}')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByRole('button', { name: 'Run later' }).click()
    await seen(page.getByText('Will run when you’re back online'))
    await page.context().setOffline(false)
    await seen(page.getByText('The sum of 2 and 3 is 5.').first())
    expect(await saidIn(person, chat_id)).toHaveLength(2)
  },
)

journey('two open tabs send what waits once', async ({ stage }) => {
  const { page, person, chat_id } = await begun(stage, 'desktop')
  const other = await page.context().newPage()
  await other.goto(page.url())
  await seen(other.getByText('Echo: before the tunnel').first())
  await goOffline(page)
  await say(page, 'echo from one of two')
  await seen(waits(page))
  await seen(waits(other))
  const sent: string[] = []
  page.context().on('request', (request) => {
    if (request.url().endsWith('/chat') && request.method() === 'POST') sent.push(request.url())
  })
  await page.context().setOffline(false)
  await Promise.all(
    [page, other].map((tab) => seen(tab.getByText('Echo: from one of two').first())),
  )
  await gone(waits(page).first())
  expect(sent).toHaveLength(1)
  expect(await saidIn(person, chat_id)).toHaveLength(2)
})

journey(
  'a message Astra had taken already is not sent twice when its answer was lost',
  async ({ stage }) => {
    const { page, person, chat_id } = await begun(stage, 'phone')
    stage.expectProblem(/ERR_(CONNECTION|FAILED)|409/)
    // The message arrives, and the answer to it does not.
    await page.route('**/mcp-client/chat', async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    }, { times: 1 })
    await say(page, 'echo into the void')
    await seen(page.getByText('Echo: into the void').first())
    await gone(waits(page).first())
    expect(await saidIn(person, chat_id)).toEqual(['echo before the tunnel', 'echo into the void'])
  },
)

journey(
  'signing out warns of what was not sent, and leaves nothing on the device',
  async ({ stage }) => {
    const { page } = await begun(stage, 'desktop')
    await goOffline(page)
    await say(page, 'echo never heard')
    await seen(waits(page))
    const leave = async () => {
      await page.getByRole('button', { name: /^Account and team/ }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
    }
    await leave()
    await seen(page.getByRole('dialog').getByText('1 message waits to be sent from this device.'))
    await page.getByRole('button', { name: 'Cancel' }).click()
    await seen(waits(page))
    await leave()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
    await seen(page.getByRole('heading', { name: 'Sign in to Astra' }))
    const left = await page.evaluate(async () =>
      (await indexedDB.databases()).map(({ name }) => name)
    )
    expect(left.filter((name) => name?.startsWith('astra.'))).toEqual([])
  },
)
