// A call in a chat that needs a sign-in: one tap leads there and back, and the call goes on by itself. For the
// team's account that is an admin's tap, and the member's card follows.
import type { Page } from 'playwright-core'
import { expect, inject } from 'vitest'
import { call, foundTeam, join, type OwnTeam } from './api.ts'
import { gone, say, seen } from './conversation.ts'
import { journey, type Opened } from './journey.ts'

/** A server whose tools were read with the owner’s sign-in. */
async function guarded(stage: Opened, account: 'team' | 'person') {
  const team = await foundTeam({ server: false })
  const { server } = await call<{ server: { id: string } }>(team.owner, 'add_server', {
    team_id: team.team_id,
    name: 'Guarded',
    server_type: 'http',
    config: { url: inject('signIn').willing },
    account,
  })
  const owners = await stage.open({
    on: 'desktop',
    as: team.owner,
    at: `/settings/servers/${server.id}`,
  })
  await owners.getByRole('button', { name: 'Sign in', exact: true }).first().click()
  await seen(owners.getByText('You are signed in at Guarded.').first())
  // They are read once the sign-in is there.
  await seen(owners.getByText('Whoami').first())
  return { team, server_id: server.id, owners }
}

async function asks(stage: Opened, team: OwnTeam): Promise<Page> {
  const member = await join(team, 'Mia', 'member')
  const page = await stage.open({ on: 'phone', as: member })
  await say(page, '/guarded__whoami {}')
  return page
}

journey('one’s own account: there and back, and the card is the result', async ({ stage }) => {
  const { team } = await guarded(stage, 'person')
  const page = await asks(stage, team)
  const card = page.getByRole('region', { name: 'Sign in to Guarded' })
  await card.getByRole('button', { name: 'Sign in to Guarded' }).click()
  await seen(page.getByText('You are signed in at Guarded.').first())
  await page.waitForURL((url) => /^\/chat\/[0-9a-f-]{36}$/.test(url.pathname) && url.search === '')
  await gone(card)
  await seen(page.getByText('you are ann').first())
  // What was kept of the message holds no way in.
  await page.reload()
  await seen(page.getByText('you are ann').first())
  expect(await page.content()).not.toContain('/authorize')
})

journey(
  'the team’s account: a member is told who can, and sees it go on when an admin has',
  async ({ stage }) => {
    const { team, server_id, owners } = await guarded(stage, 'team')
    const { team_id } = team
    await call(team.owner, 'set_credential', { team_id, server_id, credential: null })
    const page = await asks(stage, team)
    const card = page.getByRole('region', {
      name: 'An admin has to sign in to Guarded for the team',
    })
    await seen(card)
    expect(await card.getByRole('button').allInnerTexts()).toEqual([''])
    await seen(card.getByRole('button', { name: 'Cancel this call' }))
    // An admin meets the same wait, and ends it for both.
    await owners.goto(new URL('/chat', owners.url()).href)
    await say(owners, '/guarded__whoami {}')
    await owners.getByRole('region', { name: 'Sign in to Guarded for the team' })
      .getByRole('button', { name: 'Sign in to Guarded' }).click()
    await seen(owners.getByText('you are ann').first())
    await gone(card)
    await seen(page.getByText('you are ann').first())
  },
)
