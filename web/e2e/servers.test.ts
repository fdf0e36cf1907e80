// An admin brings a server in, judges its tools, and takes it away again; an address that may not be called is refused.
import { describe } from 'vitest'
import type { Page } from 'playwright-core'
import { demoServerUrl, foundTeam, join } from './api.ts'
import { say, seen } from './conversation.ts'
import { journey } from './journey.ts'

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'an owner adds a server by its address, tries a tool, forbids it, removes it all',
    async ({ stage }) => {
      const team = await foundTeam({ server: false })
      const page = await stage.open({ on, as: team.owner, at: '/settings' })
      await page.getByRole('button', { name: 'Add server' }).click()
      const adding = page.getByRole('dialog')
      await adding.getByRole('textbox', { name: 'Address' }).fill(await demoServerUrl())
      await adding.getByRole('textbox', { name: 'Name' }).fill('Playground')
      await adding.getByRole('button', { name: 'Add and test' }).click()

      await seen(page.getByRole('dialog', { name: 'Playground is ready' }))
      for (const step of ['Find the address', 'Connect', 'Read its tools', 'Try one tool']) {
        await seen(page.getByRole('listitem').filter({ hasText: step }).getByText('Passed'))
      }
      await page.getByRole('button', { name: 'See its tools' }).click()
      await seen(page.getByRole('heading', { level: 1, name: 'Playground' }))

      await page.getByRole('searchbox', { name: 'Search tools' }).fill('sum')
      await page.getByRole('button', { name: /^Try Get Sum/ }).click()
      const trying = page.getByRole('dialog', { name: /^Try Get Sum/ })
      await trying.getByRole('textbox', { name: /^A/ }).fill('4')
      await trying.getByRole('textbox', { name: /^B/ }).fill('38')
      await trying.getByRole('button', { name: 'Run' }).click()
      await seen(trying.getByText('The sum of 4 and 38 is 42.'))
      await trying.getByRole('button', { name: 'Close' }).click()

      await forbid(page)
      const member = await join(team, 'Mia', 'member')
      const chat = await stage.open({ on, as: member })
      await say(chat, '/playground__get-sum {"a": 1, "b": 1}')
      await seen(chat.getByText('An admin has ruled that this tool never runs.').first())

      await page.getByRole('button', { name: 'More about Playground' }).click()
      await page.getByRole('menuitem', { name: 'Remove server' }).click()
      await page.getByRole('dialog', { name: 'Remove Playground?' })
        .getByRole('button', { name: 'Remove server' }).click()
      await seen(page.getByText('No servers yet'))
    },
  )

  journey(
    'an address inside the network is refused at the first step, in words',
    async ({ stage }) => {
      stage.expectProblem(/status of 400/)
      const team = await foundTeam({ server: false })
      const page = await stage.open({ on, as: team.owner, at: '/settings?add=1' })
      const adding = page.getByRole('dialog')
      await adding.getByRole('textbox', { name: 'Address' }).fill('https://10.0.0.8/mcp')
      await adding.getByRole('textbox', { name: 'Name' }).fill('Inside')
      await adding.getByRole('button', { name: 'Add and test' }).click()
      await seen(adding.getByText(/private|network|inside/i).first())
    },
  )
})

journey('a tool that is tried says how far it is, and is ended for good', async ({ stage }) => {
  const team = await foundTeam()
  const at = `/settings/servers/${team.server_id}`
  const page = await stage.open({ on: 'phone', as: team.owner, at })
  await page.getByRole('button', { name: /^Try Trigger Long Running/ }).click()
  const trying = page.getByRole('dialog')
  await trying.getByRole('textbox', { name: /^Duration/ }).fill('40')
  await trying.getByRole('textbox', { name: /^Steps/ }).fill('80')
  await trying.getByRole('button', { name: 'Run' }).click()
  await seen(trying.getByText(/\d%$/))
  await trying.getByRole('button', { name: 'Cancel' }).click()
  await seen(trying.getByText('Cancelled'))

  const record = await stage.open({ on: 'phone', as: team.owner, at: '/activity?status=cancelled' })
  await seen(record.getByRole('link', { name: /Trigger Long Running/ }).first())
})

async function forbid(page: Page): Promise<void> {
  const saved = page.waitForResponse((answer) =>
    answer.request().postData()?.includes('"set_tool_policy"') ?? false
  )
  await page.getByRole('combobox', { name: /^Rule for Get Sum/ }).selectOption('deny')
  await saved
}
