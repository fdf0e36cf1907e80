// What a card shows while its tool runs, with each kind of result, and when it failed, as screens: nothing axe
// objects to, nothing cut off, nothing too small to hit.
import type { Page } from 'playwright-core'
import { foundTeam, join, patch } from './api.ts'
import { say, seen } from './conversation.ts'
import { type ShownScreen, walkScreens } from './screen-journeys.ts'

async function chart(page: Page, kind: string): Promise<void> {
  await page.getByRole('button', { name: kind, exact: true }).click()
  await seen(page.getByRole('figure').locator('svg').first())
}

const screens: ShownScreen[] = [
  ['a table by the schema of its tool', async (page) => {
    await say(page, '/results__monthly_sales {}')
    await seen(page.getByRole('button', { name: 'Revenue (€)' }))
  }],
  ['a table as a line, two of its numbers at once', async (page) => {
    await say(page, '/results__monthly_sales {}')
    await seen(page.getByRole('button', { name: 'Revenue (€)' }))
    await chart(page, 'Line')
    await page.getByRole('button', { name: 'Orders', exact: true }).click()
  }],
  ['a table as bars', async (page) => {
    await say(page, '/results__many_rows {"rows": 70}')
    await chart(page, 'Bars')
  }],
  ['a table as a pie', async (page) => {
    await say(page, '/results__many_rows {"rows": 6}')
    await chart(page, 'Pie')
  }],
  ['a picture opened large', async (page) => {
    await say(page, '/results__picture {}')
    await page.getByRole('button', { name: /Open large/ }).click()
    await seen(page.getByRole('dialog').getByRole('img'))
  }],
  ['a sound, and a report with what belongs to it', async (page) => {
    await say(page, '/results__sound {}')
    await page.locator('audio').waitFor()
    await say(page, '/results__report {}')
    await seen(page.getByRole('link', { name: /^Q3 on the web/ }))
  }],
  ['a text of which only the beginning is drawn', async (page) => {
    await say(page, '/results__long_text {"lines": 9000}')
    await page.getByRole('button', { name: 'Show all' }).click()
    await seen(page.getByRole('button', { name: 'Save the whole text' }))
  }],
  ['a call that takes long', async (page) => {
    await say(page, '/results__slow {"seconds": 60}')
    await seen(page.getByRole('button', { name: 'Continue in background' }))
  }],
  ['a call in the background', async (page) => {
    await say(page, '/results__slow {"seconds": 60}')
    await page.getByRole('button', { name: 'Continue in background' }).click()
    await seen(page.getByText(/Running in the background/))
  }],
  ['a call that failed, and a rule that stopped another', async (page) => {
    await say(page, '/results__fail {}')
    await seen(page.getByRole('button', { name: 'Change and run' }))
    await say(page, '/results__weather {}')
    await seen(page.getByRole('button', { name: 'Ask an admin' }))
  }],
  ['asking an admin', async (page) => {
    await say(page, '/results__weather {}')
    await page.getByRole('button', { name: 'Ask an admin' }).click()
    await seen(page.getByRole('dialog').getByText(/I could not run/))
  }],
]

/** A member, in whose team one tool is forbidden. */
walkScreens(screens, async () => {
  const team = await foundTeam({ results: true })
  const weather = `mcp_tools?server_id=eq.${team.server_id}&tool_name=eq.weather`
  await patch(team.owner, weather, { policy: 'deny' })
  return await join(team, 'Mia', 'member')
})
