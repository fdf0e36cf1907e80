// Rules, limits, health, notices and the webhook as screens: nothing axe objects to, nothing cut off, nothing too small to hit.
import type { Page } from 'playwright-core'
import { inject } from 'vitest'
import { alwaysApprove, call, callBehind, foundTeam, type OwnTeam, patch, rule } from './api.ts'
import { seen } from './conversation.ts'
import { useModel } from './model.ts'
import { walkStaged } from './screen-journeys.ts'

type Screen = {
  name: string
  at: (team: OwnTeam) => string
  before?: (team: OwnTeam) => Promise<unknown>
  show: (page: Page) => Promise<unknown>
}

const server = ({ server_id }: OwnTeam) => `/settings/servers/${server_id}`
const echo = { tool_name: 'echo', parameters: { message: 'for the lookers' } }

async function openRules(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Rules of Echo' }).click()
  await seen(page.getByRole('dialog').getByText('“Always for me” may be chosen'))
}

const screens: Screen[] = [
  {
    name: 'several tools chosen, to rule on all of them',
    at: server,
    show: async (page) => {
      await page.getByRole('button', { name: /claim to only read$/ }).click()
      await seen(page.getByRole('button', { name: 'Set rule' }))
    },
  },
  {
    name: 'every rule of one tool, with how they came about',
    at: server,
    before: async (team) => {
      await rule(team, ['echo'], { policy: 'ask', allows_always: true })
      const of = `mcp_tools?server_id=eq.${team.server_id}&tool_name=eq.echo`
      await patch(team.owner, of, { cache_seconds: 90, is_idempotent: true, rate_limit: 5 })
    },
    show: openRules,
  },
  {
    name: 'a server that is offline, and its addresses',
    at: server,
    before: async ({ owner, team_id, server_id }) => {
      const [one, other] = ['mcp', 'another'].map((path) => `${inject('nobody')}/${path}`)
      const config = { url: one, replicas: [other] }
      await call(owner, 'update_server', { team_id, server_id, config })
      for (let calls = 0; calls < 2; calls++) {
        await call(owner, 'call_tool', { team_id, server_id, ...echo })
      }
    },
    show: (page) => seen(page.getByRole('list', { name: 'Addresses' })),
  },
  {
    name: 'further addresses in the form of a server',
    at: server,
    show: async (page) => {
      await page.getByRole('button', { name: 'Edit' }).click()
      await page.getByText('Further addresses of the same server').first().click()
      await page.getByRole('textbox', { name: 'Further addresses' }).fill('no address')
      await page.getByRole('button', { name: 'Save' }).click()
      await seen(page.getByText('Not an address: no address'))
    },
  },
  {
    name: 'the limits and a webhook that was tried',
    at: () => '/settings?tab=team',
    before: async ({ owner, team_id }) => {
      await call(owner, 'set_webhook', { team_id, url: `${inject('nobody')}/hook` })
      await call(owner, 'test_webhook', { team_id })
    },
    show: (page) => seen(page.getByText('Did not arrive')),
  },
  {
    name: 'the signing secret of a webhook',
    at: () => '/settings?tab=team',
    show: async (page) => {
      await page.getByRole('textbox', { name: 'Address' }).fill(`${inject('nobody')}/hook`)
      await page.getByRole('button', { name: 'Add webhook' }).click()
      await seen(page.getByText(/^whsec_.{40}/))
    },
  },
  {
    name: 'no model of the team’s own',
    at: () => '/settings?tab=model',
    show: (page) => seen(page.getByRole('button', { name: 'Save and test' })),
  },
  {
    name: 'a model of the team’s own that was tried, and how it came about',
    at: () => '/settings?tab=model',
    before: async (team) => {
      await useModel(team, [{ status: 401, body: {} }])
    },
    show: async (page) => {
      await page.getByRole('button', { name: 'Test', exact: true }).click()
      await seen(page.getByText(/refuses Astra’s key/))
      await seen(page.getByText(/^Set scripted at/))
    },
  },
  {
    name: 'what is one’s own, with a standing yes',
    at: () => '/settings?tab=accounts',
    before: async (team) => {
      await rule(team, ['echo'], { policy: 'ask', allows_always: true })
      await alwaysApprove(team.owner, team)
    },
    show: (page) => seen(page.getByRole('button', { name: /^Take back/ })),
  },
  {
    name: 'the notices',
    at: () => '/settings',
    before: async (team) => {
      await callBehind(team.owner, team, echo)
      await callBehind(team.owner, team, {
        tool_name: 'get-resource-reference',
        parameters: { resourceType: 'Text', resourceId: -1 },
      })
    },
    show: async (page) => {
      await page.getByRole('button', { name: 'Notices, 2 unread' }).click()
      await seen(page.getByRole('list', { name: 'Notices' }).getByText(/failed\.$/))
    },
  },
]

walkStaged(screens.map(({ name, at, before, show }) => [name, async ({ stage, on }) => {
  const team = await foundTeam()
  await before?.(team)
  const page = await stage.open({ on, as: team.owner, at: at(team) })
  await show(page)
  return page
}]))
