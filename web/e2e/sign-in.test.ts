// Signing in at servers that want it: the team's account by an admin, one's own by anyone; what comes of it is
// said in words, and never by a page that is no page.
import { describe, expect, inject } from 'vitest'
import type { Page } from 'playwright-core'
import { call, demoServerUrl, foundTeam, join, type OwnTeam, type Session } from './api.ts'
import { gone, seen } from './conversation.ts'
import { journey } from './journey.ts'

type Given = { url: string; account?: 'team' | 'person'; name?: string }

async function addServer(team: OwnTeam, given: Given): Promise<string> {
  const { url, account = 'team', name = 'Guarded' } = given
  const { server } = await call<{ server: { id: string } }>(team.owner, 'add_server', {
    team_id: team.team_id,
    name,
    server_type: 'http',
    config: { url },
    account,
  })
  return server.id
}

type Listed = { id: string; connected: boolean }

async function connected(team: OwnTeam, who: Session): Promise<boolean | undefined> {
  const { team_id } = team
  const { servers } = await call<{ servers: Listed[] }>(who, 'list_servers', { team_id })
  return servers[0]?.connected
}

const signInButton = (page: Page) =>
  page.getByRole('button', { name: 'Sign in', exact: true }).first()

/** The address without what a sign-in has left in it. */
async function cleaned(page: Page): Promise<URL> {
  await page.waitForURL((url) => !/connect/.test(url.search) && url.origin === inject('url'))
  return new URL(page.url())
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'an admin adds a server, is told that it wants a sign-in, signs in, and its tools are there',
    async ({ stage }) => {
      const team = await foundTeam({ server: false })
      const page = await stage.open({ on, as: team.owner, at: '/settings?add=1' })
      const adding = page.getByRole('dialog')
      await adding.getByRole('textbox', { name: 'Address', exact: true })
        .fill(inject('signIn').willing)
      await adding.getByRole('textbox', { name: 'Name', exact: true }).fill('Guarded')
      await adding.getByRole('button', { name: 'Add and test' }).click()

      const wanting = page.getByRole('dialog', { name: 'Guarded wants a sign-in' })
      await seen(wanting.getByRole('listitem').filter({ hasText: 'Sign in' }).getByText('Failed'))
      await signInButton(page).click()

      await seen(page.getByText('You are signed in at Guarded.').first())
      expect((await cleaned(page)).pathname).toMatch(/^\/settings\/servers\//)
      await seen(page.getByText('Sign-in (OAuth)'))
      await page.getByRole('button', { name: 'Try Whoami' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Run' }).click()
      await seen(page.getByText('you are ann').first())
    },
  )

  journey('a sign-in that is declined changes nothing and says so', async ({ stage }) => {
    const team = await foundTeam({ server: false })
    const id = await addServer(team, { url: inject('signIn').declining })
    const page = await stage.open({ on, as: team.owner, at: `/settings/servers/${id}` })
    await signInButton(page).click()
    await seen(page.getByText(/^The sign-in was declined there/).first())
    expect((await cleaned(page)).search).toBe('')
    expect(await page.getByText('words-of-a-stranger').count()).toBe(0)
    await seen(signInButton(page))
  })

  journey(
    'where each person has their own account, a member connects and disconnects theirs alone',
    async ({ stage }) => {
      const team = await foundTeam({ server: false })
      await addServer(team, { url: inject('signIn').willing, account: 'person' })
      const member = await join(team, 'Mia', 'member')
      const page = await stage.open({ on, as: member, at: '/settings' })
      await seen(page.getByText('It needs an account of your own.'))
      await page.getByRole('tab', { name: /^Personal/ }).click()
      await seen(page.getByText('Not connected'))

      await signInButton(page).click()
      await seen(page.getByText('You are signed in at Guarded.').first())
      expect((await cleaned(page)).search).toBe('?tab=accounts')
      await seen(page.getByText('Sign-in (OAuth)'))
      expect([await connected(team, member), await connected(team, team.owner)])
        .toEqual([true, false])

      await page.getByRole('button', { name: 'More about your account at Guarded' }).click()
      await page.getByRole('menuitem', { name: 'Disconnect' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
      await seen(page.getByText('Not connected'))
      expect(await connected(team, member)).toBe(false)
    },
  )

  journey('a server whose account was disconnected is not called connected', async ({ stage }) => {
    const team = await foundTeam({ server: false })
    const id = await addServer(team, { url: inject('signIn').willing })
    const page = await stage.open({ on, as: team.owner, at: `/settings/servers/${id}` })
    await signInButton(page).click()
    await seen(page.getByText(/^(Connected|Online)$/))
    await page.getByRole('button', { name: 'More about the team’s account at Guarded' }).click()
    await page.getByRole('menuitem', { name: 'Disconnect' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
    await seen(page.getByText('Not tried since'))
    await seen(page.getByText('None', { exact: true }))
    await seen(signInButton(page))
  })

  journey('a member uses a key of their own where a server takes keys', async ({ stage }) => {
    const team = await foundTeam({ server: false })
    await addServer(team, { url: await demoServerUrl(), account: 'person' })
    const member = await join(team, 'Mia', 'member')
    const page = await stage.open({ on, as: member, at: '/settings?tab=accounts' })
    await page.getByRole('button', { name: 'Use a key' }).click()
    const dialog = page.getByRole('dialog', { name: 'Your account at Guarded' })
    await dialog.getByLabel('Token').fill('my-own-token')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await gone(dialog)
    await seen(page.getByText('Bearer token'))
    expect([await connected(team, member), await connected(team, team.owner)])
      .toEqual([true, false])
  })

  journey('a token that nothing renews is announced before it ends', async ({ stage }) => {
    const team = await foundTeam({ server: false })
    const id = await addServer(team, { url: inject('signIn').ending })
    const page = await stage.open({ on, as: team.owner, at: `/settings/servers/${id}` })
    await signInButton(page).click()
    await seen(page.getByText('You are signed in at Guarded.').first())
    await seen(page.getByText(/^Expires in 3 days/))
    await seen(page.getByRole('button', { name: 'Sign in again' }).first())
    await page.goto(new URL('/settings', page.url()).href)
    await seen(page.getByText(/account expires in 3 days/))
  })
})

journey('a tool that is tried waits for the sign-in, and goes on by itself', async ({ stage }) => {
  const team = await foundTeam({ server: false })
  const id = await addServer(team, { url: inject('signIn').willing, account: 'person' })
  const at = `/settings/servers/${id}`
  const owners = await stage.open({ on: 'phone', as: team.owner, at })
  await signInButton(owners).click()
  await seen(owners.getByRole('button', { name: 'Try Whoami' }))

  const member = await join(team, 'Mia', 'member')
  const page = await stage.open({ on: 'phone', as: member, at })
  await page.getByRole('button', { name: 'Try Whoami' }).click()
  const trying = page.getByRole('dialog')
  await trying.getByRole('button', { name: 'Run' }).click()
  await seen(trying.getByText('Waits for a sign-in'))
  await trying.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(/\/activity\//)
  await seen(page.getByText('You are signed in at Guarded.').first())
  await seen(page.getByText('you are ann').first())
})

journey('one tool uses each person’s own account against its server', async ({ stage }) => {
  const team = await foundTeam()
  const at = `/settings/servers/${team.server_id}`
  await call(team.owner, 'set_credential', {
    team_id: team.team_id,
    server_id: team.server_id,
    credential: { credential_type: 'api_key', header: 'X-Key', value: 'k' },
  })
  const page = await stage.open({ on: 'phone', as: team.owner, at })
  const saved = page.waitForResponse((answer) =>
    answer.url().includes('/rest/v1/mcp_tools') && answer.request().method() === 'PATCH'
  )
  await page.getByRole('button', { name: 'Rules of Echo' }).click()
  await page.getByRole('combobox', { name: 'Whose account it uses' }).selectOption('person')
  await saved
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await seen(page.getByText('Uses each person’s own account'))
  await seen(page.getByText('Some of its tools need an account of your own.'))
  const member = await join(team, 'Mia', 'member')
  const theirs = await stage.open({ on: 'phone', as: member, at: '/settings?tab=accounts' })
  await seen(theirs.getByText('Not connected, some tools need it'))
})

journey('a sign-in page that is no web page is never opened', async ({ stage }) => {
  const team = await foundTeam({ server: false })
  const id = await addServer(team, { url: inject('signIn').willing })
  const page = await stage.open({ on: 'phone', as: team.owner, at: `/settings/servers/${id}` })
  await page.route(
    '**/functions/v1/mcp-client',
    (route) =>
      route.request().postData()?.includes('"connect_server"')
        ? route.fulfill({ json: { authorization_url: 'javascript:document.title="taken"' } })
        : route.continue(),
  )
  await signInButton(page).click()
  await seen(page.getByText(/names a sign-in page that is no web page/).first())
  expect(await page.title()).not.toBe('taken')
  await gone(page.getByText('taken'))
})
