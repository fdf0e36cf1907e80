// The bell: calls in the background ring it, once for all that is new; what was seen is read.
import { describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import { ask, call, callBehind, foundTeam, join, rule, type Session } from './api.ts'
import { gone, seen } from './conversation.ts'
import { journey, type Opened } from './journey.ts'

const echo = { tool_name: 'echo', parameters: { message: 'from behind' } }
const bell = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const list = (page: Page) => page.getByRole('list', { name: 'Notices' })

/** The person comes back to the page, which then looks at once. */
function comeBack(page: Page): Promise<void> {
  return page.evaluate(() =>
    void document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  )
}

/** It has looked for the first time: what comes from now on is new to it. */
async function open(stage: Opened, visit: Parameters<Opened['open']>[0]): Promise<Page> {
  const page = await stage.open({ ...visit, at: '/sign-in' })
  const looked = page.waitForResponse((answer) => answer.url().includes('/rest/v1/notifications'))
  await page.goto(new URL(visit.at ?? '/chat', page.url()).href)
  await looked
  await seen(bell(page, 'Notices'))
  return page
}

async function unread(person: Session): Promise<number> {
  const path = '/rest/v1/notifications?select=id&read_at=is.null'
  return ((await ask(path, { method: 'GET', session: person })).body as unknown[]).length
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('a call in the background rings, and is read once it was seen', async ({ stage }) => {
    const team = await foundTeam()
    const page = await open(stage, { on, as: team.owner })
    const execution_id = await callBehind(team.owner, team, echo)
    await comeBack(page)
    await seen(
      page.getByRole('region', { name: /^Notif/ }).getByText('Echo in Everything is done.'),
    )
    await bell(page, 'Notices, 1 unread').click()
    const item = list(page).getByRole('link', { name: /^Echo in Everything is done\./ })
    await seen(item.getByText('New'))
    await seen(bell(page, 'Notices').or(page.getByRole('dialog')).first())
    await item.click()
    await page.waitForURL(`**/activity/${execution_id}`)
    await gone(list(page))
    await seen(bell(page, 'Notices'))
    await expect.poll(() => unread(team.owner)).toBe(0)
  })

  journey('several at once are one word on the screen', async ({ stage }) => {
    const team = await foundTeam()
    const page = await open(stage, { on, as: team.owner, at: '/settings' })
    await callBehind(team.owner, team, echo)
    await callBehind(team.owner, team, echo)
    await callBehind(team.owner, team, echo)
    await comeBack(page)
    const region = page.getByRole('region', { name: /^Notif/ })
    await seen(region.getByText('3 new notices.'))
    expect(await region.getByRole('listitem').count()).toBe(1)
    await region.getByRole('button', { name: 'Show' }).click()
    await seen(list(page))
    expect(await list(page).getByRole('listitem').count()).toBe(3)
    await page.keyboard.press('Escape')
    await gone(list(page))
    await seen(bell(page, 'Notices'))
  })

  journey(
    'an admin is told who waits for an approval, and that it is settled',
    async ({ stage }) => {
      const team = await foundTeam()
      await rule(team, ['echo'], { policy: 'ask_admin' })
      const member = await join(team, 'Mia', 'member')
      const { team_id, server_id } = team
      const { approval } = await call<{ approval: { approval_id: string } }>(member, 'call_tool', {
        team_id,
        server_id,
        ...echo,
      })
      const page = await stage.open({ on, as: team.owner, at: '/settings' })
      await bell(page, 'Notices, 1 unread').click()
      await seen(list(page).getByText('Mia asks an admin to approve Echo in Everything.'))
      const { approval_id } = approval
      await call(team.owner, 'answer_approval', { team_id, approval_id, decision: 'reject' })
      await page.keyboard.press('Escape')
      await bell(page, 'Notices').click()
      await seen(
        list(page).getByText('Echo in Everything waited for an approval. That is settled.'),
      )

      const theirs = await stage.open({ on, as: member })
      await bell(theirs, 'Notices, 1 unread').click()
      await seen(list(theirs).getByText('Echo in Everything was not approved.'))
    },
  )

  journey('the bell opens and closes by keys alone', async ({ stage }) => {
    const team = await foundTeam()
    const page = await stage.open({ on, as: team.owner, at: '/settings' })
    await bell(page, 'Notices').focus()
    await page.keyboard.press('Enter')
    await seen(page.getByText('Nothing to tell'))
    await page.keyboard.press('Escape')
    await gone(page.getByText('Nothing to tell'))
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await expect.poll(focused).toBe('Notices')
  })
})
