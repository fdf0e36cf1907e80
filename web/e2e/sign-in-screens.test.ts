// The screens of accounts and tests, in the hand and on a desk, in light and dark: nothing axe objects to,
// nothing cut off, nothing too small to hit.
import { describe, expect, inject } from 'vitest'
import type { Page } from 'playwright-core'
import { call, demoServerUrl, foundTeam, type OwnTeam, patch } from './api.ts'
import { seen } from './conversation.ts'
import { journey, type Opened } from './journey.ts'
import { looks, looksInTheHand } from './measure.ts'

type Where = { open: Opened['open']; on: 'phone' | 'desktop' }
type Added = { server: { id: string } }

const inThreeDays = () => new Date(Date.now() + 3 * 24 * 60 * 60 * 1_000).toISOString()

/** One server of each kind: with everyone's own account, with a key that ends soon, with one tool that differs. */
async function ground(): Promise<{ team: OwnTeam; guarded: string; ending: string }> {
  const team = await foundTeam()
  const add = (name: string, more: Record<string, unknown>) =>
    call<Added>(team.owner, 'add_server', {
      team_id: team.team_id,
      name,
      server_type: 'http',
      ...more,
    })
  const own = await add('Guarded', { config: { url: inject('signIn').willing }, account: 'person' })
  const key = { credential_type: 'api_key', header: 'X-Key', value: 'k', expires_at: inThreeDays() }
  const ends = await add('Ending', { config: { url: await demoServerUrl() }, credential: key })
  await call(team.owner, 'sync_tools', { team_id: team.team_id, server_id: ends.server.id })
  const one = `mcp_tools?server_id=eq.${ends.server.id}&tool_name=eq.echo`
  await patch(team.owner, one, { account: 'person' })
  return { team, guarded: own.server.id, ending: ends.server.id }
}

const screens: { name: string; show: (where: Where) => Promise<Page> }[] = [
  {
    name: 'servers whose accounts want something',
    show: async ({ open, on }) => {
      const { team } = await ground()
      const page = await open({ on, as: team.owner, at: '/settings' })
      await seen(page.getByText('It needs an account of your own.'))
      return page
    },
  },
  {
    name: 'a server with two accounts and a tool that differs',
    show: async ({ open, on }) => {
      const { team, ending } = await ground()
      const page = await open({ on, as: team.owner, at: `/settings/servers/${ending}` })
      await seen(page.getByText('Uses each person’s own account'))
      await seen(page.getByText(/account expires in 3 days/))
      return page
    },
  },
  {
    name: 'my accounts',
    show: async ({ open, on }) => {
      const { team } = await ground()
      const page = await open({ on, as: team.owner, at: '/settings?tab=accounts' })
      await seen(page.getByText('Not connected', { exact: true }))
      return page
    },
  },
  {
    name: 'no accounts of my own',
    show: async ({ open, on }) => {
      const team = await foundTeam()
      const page = await open({ on, as: team.owner, at: '/settings?tab=accounts' })
      await seen(page.getByText('Nothing to connect'))
      return page
    },
  },
  {
    name: 'a test that ends at the sign-in',
    show: async ({ open, on }) => {
      const { team, guarded } = await ground()
      const page = await open({ on, as: team.owner, at: `/settings/servers/${guarded}` })
      await page.getByRole('button', { name: 'Test', exact: true }).click()
      await seen(page.getByRole('dialog').getByRole('button', { name: 'Sign in', exact: true }))
      return page
    },
  },
  {
    name: 'a key in the address that is not confirmed',
    show: async ({ open, on }) => {
      const team = await foundTeam({ server: false })
      const page = await open({ on, as: team.owner, at: '/settings?add=1' })
      await page.getByRole('combobox', { name: 'Sign-in' }).selectOption('query_key')
      await page.getByRole('button', { name: 'Add and test' }).click()
      await seen(page.getByText('Confirm this first'))
      return page
    },
  },
  {
    name: 'a credential of one’s own',
    show: async ({ open, on }) => {
      const { team, guarded } = await ground()
      const page = await open({ on, as: team.owner, at: `/settings/servers/${guarded}` })
      await page.getByRole('button', { name: 'Use a key' }).click()
      await page.getByRole('combobox', { name: 'Sign-in' }).selectOption('custom')
      await seen(page.getByRole('dialog').getByLabel('Header 1', { exact: true }))
      return page
    },
  },
  {
    name: 'a client for sign-ins',
    show: async ({ open, on }) => {
      const { team, guarded } = await ground()
      const page = await open({ on, as: team.owner, at: `/settings/servers/${guarded}` })
      await page.getByRole('button', { name: 'More about Guarded', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Client for sign-ins' }).click()
      await seen(page.getByRole('dialog').getByLabel('Client id'))
      return page
    },
  },
]

describe('nobody is shut out of', () => {
  for (const { name, show } of screens) {
    journey(`${name}, in the hand`, async ({ stage }) => {
      const page = await show({ open: stage.open, on: 'phone' })
      expect(await looksInTheHand(page)).toEqual([])
    })

    journey(`${name}, on a desk`, async ({ stage }) => {
      const page = await show({ open: stage.open, on: 'desktop' })
      expect(await looks(page, 'desktop')).toEqual([])
    })
  }
})
