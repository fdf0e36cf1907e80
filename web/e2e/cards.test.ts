// What a card lets a person do while a tool runs, with what it gave back, and when it did not work.
import type { Page } from 'playwright-core'
import { describe, expect, inject } from 'vitest'
import { call, foundTeam, join, type OwnTeam, patch } from './api.ts'
import { gone, message, say, seen } from './conversation.ts'
import { journey } from './journey.ts'

const line = (page: Page, tool: string) =>
  page.getByRole('main').getByRole('button', { name: new RegExp(`^${tool} in Results`) }).last()

const tool = ({ server_id }: OwnTeam, name: string) =>
  `mcp_tools?server_id=eq.${server_id}&tool_name=eq.${name}`

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'a slow tool goes on in the background, something else is asked meanwhile, and its result arrives',
    async ({ stage }) => {
      const { owner } = await foundTeam({ results: true })
      const page = await stage.open({ on, as: owner })
      await say(page, '/results__slow {"seconds": 13}')
      await seen(page.getByText(/^Read \d+ of 13 pages$/))
      const leave = page.getByRole('button', { name: 'Continue in background' })
      expect(await leave.count()).toBe(0)
      await leave.click()
      await seen(page.getByText(/Running in the background/))
      await gone(leave)

      await say(page, '/results__weather {}')
      await seen(page.getByRole('definition').filter({ hasText: '°C' }))
      await seen(page.getByText(/Running in the background/))
      await seen(page.getByText('All pages were read'))
      await seen(line(page, 'Slow'))
      expect(await page.getByText(/Running in the background/).count()).toBe(0)
    },
  )

  journey('a table is sorted, drawn as a chart, and copied into a sheet', async ({ stage }) => {
    const { owner } = await foundTeam({ results: true })
    const page = await stage.open({ on, as: owner })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await say(page, '/results__monthly_sales {}')
    const revenue = page.getByRole('button', { name: 'Revenue (€)' })
    await seen(revenue)
    await revenue.click()
    const first = page.getByRole('row').nth(1)
    await seen(first.getByText('59,551'))
    await seen(first.getByText('1 Dec 2026'))
    await seen(first.getByText('2.5%'))

    await page.getByRole('button', { name: 'Line', exact: true }).click()
    const chart = page.getByRole('figure', { name: 'Monthly sales as a line chart' })
    await seen(chart.locator('svg').first())
    expect(await chart.textContent()).toContain('Revenue by Month: 12 values, lowest 41,000')
    await page.getByRole('button', { name: 'Orders', exact: true }).click()
    await seen(page.getByRole('button', { name: 'Orders', exact: true, pressed: true }))

    await page.getByRole('button', { name: 'Copy table' }).click()
    await seen(page.getByText('Copied', { exact: true }))
    const [head, january] = (await page.evaluate(() => navigator.clipboard.readText())).split(
      '\r\n',
    )
    expect(head).toBe('month\trevenue_eur\torders\treturned')
    expect(january).toBe('2026-01-01\t41000\t310\t0.021')

    await page.reload()
    await seen(page.getByRole('figure', { name: /as a line chart/ }).locator('svg').first())
  })

  journey('a picture opens large, and closes again', async ({ stage }) => {
    const { owner } = await foundTeam({ results: true })
    const page = await stage.open({ on, as: owner })
    await say(page, '/results__picture {}')
    await page.getByRole('button', { name: /Open large/ }).click()
    const large = page.getByRole('dialog')
    await seen(large.getByRole('img'))
    await large.getByRole('button', { name: 'Show in its own size' }).click()
    expect((await large.getByRole('img').boundingBox())!.width).toBe(640)
    await page.keyboard.press('Escape')
    await gone(large)
  })

  journey('a huge text neither freezes the page nor is lost', async ({ stage }) => {
    const { owner } = await foundTeam({ results: true })
    const page = await stage.open({ on, as: owner })
    await say(page, '/results__long_text {"lines": 60000}')
    await page.getByRole('button', { name: 'Show all' }).click()
    await seen(page.getByText('line 200 of the log', { exact: false }).first())
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the whole text' }).click()
    const stream = await (await saving).createReadStream()
    let bytes = 0
    for await (const chunk of stream) bytes += (chunk as Buffer).length
    expect(bytes).toBe(1_308_893)
  })

  journey(
    'a member whom a rule stops is shown whose it is, and writes to an admin',
    async ({ stage }) => {
      const team = await foundTeam({ results: true })
      const mia = await join(team, 'Mia', 'member')
      await patch(team.owner, tool(team, 'weather'), { policy: 'deny' })
      const page = await stage.open({ on, as: mia })
      await say(page, '/results__weather {}')
      await seen(page.getByText(/Did not run/))
      await seen(page.getByText('Your team’s rules.'))
      await page.getByRole('button', { name: 'Ask an admin' }).click()
      const dialog = page.getByRole('dialog', { name: 'Ask an admin' })
      await seen(dialog.getByText('Olga', { exact: false }).first())
      await seen(dialog.getByText(/I could not run Weather in Results in Astra/))
      const mail = await dialog.getByRole('link', { name: 'Write an e-mail' }).getAttribute('href')
      expect(mail).toMatch(
        /^mailto:olga-[^?]+%40journey\.test\?subject=Astra%3A%20Weather&body=I%20could/,
      )
    },
  )

  journey('a limit says when it lets the next call through', async ({ stage }) => {
    const team = await foundTeam({ results: true })
    await patch(team.owner, tool(team, 'weather'), { rate_limit: 1 })
    const page = await stage.open({ on, as: team.owner })
    await say(page, '/results__weather {}')
    await seen(line(page, 'Weather'))
    await say(page, '/results__weather {}')
    const again = page.getByRole('button', { name: /^Try again in \d+ s$/ })
    await seen(again)
    expect(await again.isDisabled()).toBe(true)
  })

  journey(
    'a server that is not there is named as such, and the call can be tried again',
    async ({ stage }) => {
      const team = await foundTeam({ results: true })
      const { team_id, server_id, owner } = team
      await call(owner, 'update_server', {
        team_id,
        server_id,
        config: { url: `${inject('nobody')}/mcp` },
      })
      await patch(owner, `mcp_tools?server_id=eq.${server_id}`, { policy: 'allow' })
      const mia = await join(team, 'Mia', 'member')
      const page = await stage.open({ on, as: mia })
      await say(page, '/results__weather {}')
      await seen(page.getByText(/Failed · tried 3 times/))
      await seen(page.getByText('On the way to the server.'))
      await seen(page.getByText(/The server does not answer/))
      await seen(page.getByRole('button', { name: 'Try again', exact: true }))
      await seen(page.getByRole('button', { name: 'Ask an admin' }))
      await line(page, 'Weather').click()
      await seen(page.getByText('3 attempts'))
      await seen(page.getByRole('link', { name: 'Record of this call' }))
    },
  )

  journey(
    'what a tool answered with an error is said, and changed in its form',
    async ({ stage }) => {
      const { owner } = await foundTeam({ results: true })
      const page = await stage.open({ on, as: owner })
      await say(page, '/results__fail {}')
      await seen(page.getByText('The disk is full').first())
      await seen(page.getByText('The tool itself.'))
      await page.getByRole('button', { name: 'Change and run' }).click()
      await seen(page.getByRole('dialog', { name: 'Fail' }))
    },
  )
})

journey('an at sign lists what can be read, and keeps the words before it', async ({ stage }) => {
  const { owner } = await foundTeam()
  const page = await stage.open({ on: 'desktop', as: owner })
  await message(page).fill('echo this @feat')
  const list = page.getByRole('listbox', { name: 'Resources' })
  await seen(list.getByRole('option', { name: /^features\.md/ }))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Attach to the message' }).click()
  await seen(page.getByText('features.md from Everything'))
  expect(await message(page).inputValue()).toBe('echo this ')
})

journey('what was chosen lately stands first in the list', async ({ stage }) => {
  const { owner } = await foundTeam({ results: true })
  const page = await stage.open({ on: 'desktop', as: owner })
  await message(page).press('/')
  await page.getByRole('option', { name: /^Weather/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: /^Run in/ }).click()
  await seen(line(page, 'Weather'))
  await message(page).press('/')
  await seen(page.getByRole('option', { name: /^Weather chosen lately/, selected: true }))
})
