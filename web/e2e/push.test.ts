// Told while the app is closed: a device is switched on, a call that waits is approved from its notification and
// goes on, and signing out ends it.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject } from 'vitest'
import { ask, call, callBehind, foundTeam, join, type OwnTeam, rule, type Session } from './api.ts'
import { gone, say, seen } from './conversation.ts'
import { journey } from './journey.ts'
import { looksInTheHand } from './measure.ts'
import {
  deliver,
  notification,
  pushed,
  shownBy,
  startPushService,
  subscribable,
  tap,
  workerOf,
} from './push-device.ts'

let stop = () => {}
beforeAll(async () => {
  stop = await startPushService()
})
afterAll(() => stop())

const personal = '/settings?tab=accounts'
const here = (page: Page) => page.getByRole('switch', { name: 'Notifications on this device' })
const mine = (page: Page) => page.getByRole('list', { name: 'My devices' })

/** A person’s device, switched on in their settings. */
async function switchedOn(page: Page) {
  const browser = await subscribable(page)
  await here(page).click()
  await seen(mine(page).getByText('this device'))
  return { browser, worker: await workerOf(page.context()) }
}

/** Words that are no order by the tool’s name: the router comes up with the call. */
const words = (text: string) => `the string and its echo: message="${text}"`

type Call = { id: string; status: string }

async function calls({ team_id }: OwnTeam, as: Session): Promise<Call[]> {
  const path =
    `/rest/v1/mcp_tool_executions?team_id=eq.${team_id}&select=id,status&order=started_at`
  return (await ask(path, { method: 'GET', session: as })).body as Call[]
}

async function approvals({ team_id }: OwnTeam, as: Session) {
  const path = `/rest/v1/mcp_approvals?team_id=eq.${team_id}&select=decision,via`
  return (await ask(path, { method: 'GET', session: as })).body
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'push approve: with the app closed, a call goes on from its notification',
    async ({ stage }) => {
      const team = await foundTeam()
      await rule(team, ['echo'], { policy: 'ask' })
      const page = await stage.open({ on, as: team.owner, at: personal })
      const { browser, worker } = await switchedOn(page)
      const elsewhere = await page.context().newPage()
      await page.goto(new URL('/chat', inject('url')).href)
      await say(page, words('from my pocket'))
      const asked = await pushed(browser, 1)
      const at = new URL(page.url()).pathname
      await page.close()

      await deliver(elsewhere, asked)
      const shown = await notification(worker, 'Run echo?')
      expect(shown.body).toBe('In Everything\nmessage: "from my pocket"')
      expect(shown.actions).toEqual(['Approve', 'Reject'])
      expect(await calls(team, team.owner)).toMatchObject([{ status: 'awaiting_approval' }])

      await tap(worker, shown.tag, 'approve')
      await notification(worker, 'Approved: echo is running')
      await deliver(elsewhere, await pushed(browser, 2))
      const end = await notification(worker, 'echo is done')
      expect(end.body).toContain('Echo: from my pocket')
      expect(await shownBy(worker)).toHaveLength(1)
      expect(await calls(team, team.owner)).toMatchObject([{ status: 'success' }])
      expect(await approvals(team, team.owner))
        .toEqual([{ decision: 'approved', via: 'notification' }])

      const again = await stage.open({ on, as: team.owner, at })
      await seen(again.getByText('Echo: from my pocket').first())
    },
  )

  journey('a call is rejected from its notification, and never runs', async ({ stage }) => {
    const team = await foundTeam()
    const { team_id, server_id } = team
    await rule(team, ['echo'], { policy: 'ask_admin' })
    const page = await stage.open({ on, as: team.owner, at: personal })
    const { browser, worker } = await switchedOn(page)
    const member = await join(team, 'Mia', 'member')
    const asks = { team_id, server_id, tool_name: 'echo', parameters: { message: 'may I?' } }
    await call(member, 'call_tool', { ...asks, mode: 'async' })
    await deliver(page, await pushed(browser, 1))
    const shown = await notification(worker, 'Run echo?')
    expect(shown.body).toBe('In Everything, for Mia\nmessage: "may I?"')
    await tap(worker, shown.tag, 'reject')
    await notification(worker, 'echo did not run')
    expect(await calls(team, team.owner)).toMatchObject([{ status: 'denied' }])

    // Answered twice, as a second device would: it says what became of it, and nothing else happens.
    await deliver(page, { ...await pushed(browser, 1), sent_at: new Date().toISOString() })
    await notification(worker, 'Run echo?')
    await tap(worker, shown.tag, 'approve')
    const late = await notification(worker, 'Run echo?')
    expect(late.body).toBe('This approval was answered already, or its time is over.')
    expect(late.actions).toEqual([])
    expect(await calls(team, team.owner)).toMatchObject([{ status: 'denied' }])
  })

  journey('whoever looks at the chat is told nothing twice', async ({ stage }) => {
    const team = await foundTeam()
    await rule(team, ['echo'], { policy: 'ask' })
    const page = await stage.open({ on, as: team.owner, at: personal })
    const { browser, worker } = await switchedOn(page)
    await page.goto(new URL('/chat', inject('url')).href)
    await say(page, words('before my eyes'))
    const asked = await pushed(browser, 1)
    await page.bringToFront()
    await deliver(page, asked)
    // The next one is for another page: once it is shown, the one before was handled.
    await deliver(page, {
      ...asked,
      tag: crypto.randomUUID(),
      title: 'Elsewhere',
      url: '/activity',
    })
    await notification(worker, 'Elsewhere')
    expect((await shownBy(worker)).map(({ title }) => title)).toEqual(['Elsewhere'])
  })

  journey(
    'a notification leads to its call, in the window that is open, as it stands',
    async ({ stage }) => {
      const team = await foundTeam()
      const { team_id } = team
      const page = await stage.open({ on, as: team.owner, at: personal })
      const { browser, worker } = await switchedOn(page)
      const parameters = { message: 'from afar' }
      const execution_id = await callBehind(team.owner, team, { tool_name: 'echo', parameters })
      const ended = await pushed(browser, 1)
      expect(ended.url).toBe(`/activity/${execution_id}?team=${team_id}`)
      await deliver(page, ended)
      const { tag } = await notification(worker, 'echo is done')
      const origin = await page.evaluate(() => performance.timeOrigin)
      await tap(worker, tag, '')
      await page.waitForURL(`**/activity/${execution_id}`)
      await seen(page.getByText('Echo: from afar').first())
      expect(await page.evaluate(() => performance.timeOrigin)).toBe(origin)
      expect(await shownBy(worker)).toEqual([])
    },
  )
})

journey('a device is tried out, and signing out ends it', async ({ stage }) => {
  const team = await foundTeam()
  const page = await stage.open({ on: 'phone', as: team.owner, at: personal })
  const { browser, worker } = await switchedOn(page)
  await page.getByRole('button', { name: 'Send a test' }).click()
  await seen(page.getByText('Sent. It should be on this device in a moment.').first())
  await deliver(page, await pushed(browser, 1))
  await notification(worker, 'Astra reaches this device')
  expect(await looksInTheHand(page)).toEqual([])
  const devices = async () =>
    (await call<{ devices: unknown[] }>(team.owner, 'get_push', { team_id: team.team_id })).devices
  expect(await devices()).toHaveLength(1)
  await page.getByRole('button', { name: /^Account and team/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await seen(page.getByRole('heading', { name: 'Sign in to Astra' }))
  expect(await devices()).toHaveLength(0)
  const left = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    return await registration.pushManager.getSubscription()
  })
  expect(left).toBeNull()
})

journey('being told is offered where a call waits, and a no is for good', async ({ stage }) => {
  const team = await foundTeam()
  await rule(team, ['echo'], { policy: 'ask' })
  const page = await stage.open({ on: 'phone', as: team.owner })
  await page.addInitScript(() => {
    Object.defineProperty(Notification, 'permission', { get: () => 'default' })
  })
  await page.reload()
  await say(page, words('and then?'))
  const offer = page.getByRole('complementary', { name: 'Notifications' })
  await seen(offer.getByRole('button', { name: 'Turn on' }))
  expect(await looksInTheHand(page)).toEqual([])
  await offer.getByRole('button', { name: 'Not on this device' }).click()
  await gone(offer)
  await page.reload()
  await seen(page.getByRole('region', { name: /to run Echo in Everything/ }))
  // What the bar waits for has arrived, and it stays away.
  await seen(page.getByText('waiting for you in'))
  expect(await offer.count()).toBe(0)
})

journey('what cannot be read is shown as news, and never as a question', async ({ stage }) => {
  const team = await foundTeam()
  const page = await stage.open({ on: 'desktop', as: team.owner, at: personal })
  const { worker } = await switchedOn(page)
  await deliver(page, { title: 'Run everything?', answers: { approve: 'x' } } as never)
  const shown = await notification(worker, 'Astra has news for you')
  expect(shown.actions).toEqual([])
  const tag = crypto.randomUUID()
  const at = page.url()
  const luring = { title: 'Astra is elsewhere now', body: '', url: 'https://elsewhere.example/' }
  const sent_at = new Date().toISOString()
  await deliver(page, { tag, ...luring, quiet: false, asks: false, sent_at })
  await notification(worker, luring.title)
  await tap(worker, tag, '')
  expect(page.url()).toBe(at)
})

journey('a browser that says no is told how to say yes', async ({ stage }) => {
  const team = await foundTeam()
  const page = await stage.open({ on: 'phone', as: team.owner, at: personal })
  await page.addInitScript(() => {
    Object.defineProperty(Notification, 'permission', { get: () => 'denied' })
  })
  await page.reload()
  await page.evaluate(async () => void await navigator.serviceWorker.ready)
  await page.reload()
  await seen(page.getByText(/Your browser blocks notifications of Astra/))
  expect(await here(page).isDisabled()).toBe(true)
  await gone(mine(page))
})
