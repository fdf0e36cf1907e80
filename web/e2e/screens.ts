// Every screen and state worth measuring, and how to get there.
import type { Page } from 'playwright-core'
import { signUp } from './api.ts'
import type { Device } from './browser.ts'
import { card, say, seen } from './conversation.ts'
import type { Opened } from './journey.ts'

type Where = { open: Opened['open']; on: Device }
export type Screen = { name: string; show: (where: Where) => Promise<Page> }

const member = 'member@acme.test'
const owner = 'owner@acme.test'
const analyst = 'analyst@acme.test'

async function answered({ open, on }: Where, words: string): Promise<Page> {
  const page = await open({ on, as: member })
  await say(page, words)
  await seen(page.getByRole('main').getByRole('button', { name: / in Everything/ }).last())
  return page
}

async function dialog(page: Page, button: string | RegExp): Promise<Page> {
  await page.getByRole('button', { name: button }).first().click()
  await seen(page.getByRole('dialog'))
  return page
}

async function serverPage({ open, on }: Where): Promise<Page> {
  const page = await open({ on, as: owner, at: '/settings' })
  await page.getByRole('link', { name: 'Everything', exact: true }).click()
  await seen(page.getByRole('button', { name: /^Try Echo/ }))
  return page
}

export const screens: Screen[] = [
  {
    name: 'signing in',
    show: async ({ open, on }) => {
      const page = await open({ on, at: '/sign-in' })
      await seen(page.getByRole('button', { name: 'Sign in' }))
      return page
    },
  },
  {
    name: 'signing up',
    show: async ({ open, on }) => {
      const page = await open({ on, at: '/sign-up' })
      await seen(page.getByRole('button', { name: 'Create account' }))
      return page
    },
  },
  {
    name: 'no team yet',
    show: async ({ open, on }) => {
      const page = await open({ on, as: await signUp('Nina') })
      await seen(page.getByRole('heading', { name: 'Name your team' }))
      return page
    },
  },
  {
    name: 'an empty chat',
    show: async ({ open, on }) => {
      const page = await open({ on, as: analyst })
      await seen(page.getByRole('list', { name: 'Things to try' }))
      return page
    },
  },
  {
    name: 'a team without servers',
    show: async ({ open, on }) => {
      const page = await open({ on, as: 'owner@globex.test' })
      await seen(page.getByText('Globex has no servers yet'))
      return page
    },
  },
  {
    name: 'a chat with a tool card opened',
    show: async (where) => {
      const page = await answered(where, 'echo for the lookers')
      await card(page, 'Echo').click()
      await seen(page.getByRole('link', { name: 'Record of this call' }))
      return page
    },
  },
  {
    name: 'a chat with facts and a picture',
    show: async (where) => {
      const page = await answered(
        where,
        '/everything__get-structured-content {"location": "Chicago"}',
      )
      await say(page, '/everything__get-tiny-image {}')
      await seen(page.getByRole('main').getByRole('img').last())
      return page
    },
  },
  {
    name: 'a chat with a tool that failed',
    show: async (where) => {
      const page = await answered(
        where,
        '/everything__get-resource-reference {"resourceType": "Text", "resourceId": -1}',
      )
      await page.getByRole('button', { name: /Failed/ }).click()
      return page
    },
  },
  {
    name: 'a question for what is missing',
    show: async ({ open, on }) => {
      const page = await open({ on, as: member })
      await say(page, '/everything__get-sum a=2')
      await seen(page.getByRole('button', { name: 'Not now' }))
      return page
    },
  },
  {
    name: 'the list of tools',
    show: async ({ open, on }) => {
      const page = await open({ on, as: member })
      await page.getByRole('button', { name: 'Tools' }).click()
      await seen(page.getByRole('listbox'))
      return page
    },
  },
  {
    name: 'finding anything',
    show: async ({ open, on }) => {
      const page = await open({ on, as: member })
      await seen(page.getByRole('list', { name: 'Things to try' }))
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill('sum')
      await seen(page.getByRole('option', { name: /Get Sum/ }).first())
      return page
    },
  },
  {
    name: 'the form of a tool',
    show: async ({ open, on }) => {
      const page = await open({ on, as: member })
      await page.getByRole('button', { name: 'Tools' }).click()
      await page.getByRole('option', { name: /Get Annotated Message/ }).first().click()
      await seen(page.getByRole('dialog').getByRole('button', { name: /^Run in/ }))
      return page
    },
  },
  {
    name: 'the list of chats',
    show: async (where) => {
      const page = await answered(where, 'echo for the list')
      const opener = page.getByRole('button', { name: 'Chats', exact: true })
      if (await opener.isVisible()) await opener.click()
      await seen(page.getByRole('link', { name: 'echo for the list' }).first())
      return page
    },
  },
  {
    name: 'the account menu',
    show: async ({ open, on }) => {
      const page = await open({ on, as: member })
      await page.getByRole('button', { name: /^Account and team/ }).click()
      await seen(page.getByRole('menuitem', { name: 'Sign out' }))
      return page
    },
  },
  {
    name: 'the activity',
    show: async (where) => {
      await (await answered(where, 'echo for the log')).context().close()
      const page = await where.open({ on: where.on, as: analyst, at: '/activity' })
      await seen(page.getByRole('link', { name: /Echo/ }).first())
      return page
    },
  },
  {
    name: 'an execution',
    show: async (where) => {
      const page = await answered(where, 'echo for the record')
      await card(page, 'Echo').click()
      await page.getByRole('link', { name: 'Record of this call' }).click()
      await seen(page.getByRole('heading', { name: 'Details' }))
      return page
    },
  },
  {
    name: 'the team’s usage',
    show: async (where) => {
      await (await answered(where, 'echo to be counted')).context().close()
      const page = await where.open({ on: where.on, as: analyst, at: '/analytics' })
      await seen(page.getByRole('figure').locator('svg').first())
      return page
    },
  },
  {
    name: 'the servers',
    show: async ({ open, on }) => {
      const page = await open({ on, as: owner, at: '/settings' })
      await seen(page.getByText(/^\d+ tools$/).first())
      return page
    },
  },
  {
    name: 'adding a server',
    show: async ({ open, on }) =>
      await dialog(await open({ on, as: owner, at: '/settings' }), 'Add server'),
  },
  { name: 'a server and its tools', show: serverPage },
  {
    name: 'a test of a server',
    show: async (where) => {
      const page = await dialog(await serverPage(where), 'Test')
      await seen(page.getByText('It answers and hands out its tools.'))
      return page
    },
  },
  {
    name: 'trying a tool',
    show: async (where) => await dialog(await serverPage(where), /^Try Get Annotated/),
  },
  {
    name: 'the members',
    show: async ({ open, on }) => {
      const page = await open({ on, as: owner, at: '/settings?tab=members' })
      await seen(page.getByText('analyst@acme.test'))
      return page
    },
  },
  {
    name: 'inviting someone',
    show: async ({ open, on }) =>
      await dialog(await open({ on, as: owner, at: '/settings?tab=members' }), 'Invite'),
  },
  {
    name: 'being offline',
    show: async ({ open, on }) => {
      const page = await open({ on, as: member, at: '/activity' })
      await seen(page.getByRole('heading', { name: 'Activity' }))
      await page.context().setOffline(true)
      await seen(page.getByText('You are offline.'))
      return page
    },
  },
]
