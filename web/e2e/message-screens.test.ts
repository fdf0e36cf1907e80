// What is done with messages, as screens: nothing axe objects to, nothing cut off, nothing too small to hit.
import { Buffer } from 'node:buffer'
import type { Page } from 'playwright-core'
import { pictures } from '../../supabase/tests/models/pictures.ts'
import { foundTeam } from './api.ts'
import { say, seen } from './conversation.ts'
import { type Scripted, useModel } from './model.ts'
import { walkStaged } from './screen-journeys.ts'

type Screen = [name: string, show: (page: Page) => Promise<unknown>, script?: Scripted[]]

async function attach(page: Page): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach pictures or text files' }).click()
  await (await chooser).setFiles([
    {
      name: 'the red picture of the whole team.png',
      mimeType: 'image/png',
      buffer: Buffer.from(pictures['image/png'], 'base64'),
    },
    { name: 'sales.csv', mimeType: 'text/csv', buffer: Buffer.from('name,sum\nAda,3\n') },
    { name: 'report.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') },
  ])
  await seen(page.getByRole('button', { name: 'Remove sales.csv' }))
  await seen(page.getByText(/neither a picture nor a text file/))
}

const answer: Scripted = {
  say: ['It is red.'],
  usage: { input: 12_345, output: 67, cost: 0.00042 },
}

const screens: Screen[] = [
  ['files beside a message, and one that was refused', async (page) => {
    await attach(page)
    await seen(page.getByText(/takes no pictures/))
  }],
  ['files that were sent, one opened, and what the answer took', async (page) => {
    await attach(page)
    await say(page, 'what is this')
    await seen(page.getByText(/12,345 tokens read, 67 written · \$0\.00042/))
    // From the database now: what was opened before its row had arrived would close again.
    await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/)
    await page.reload()
    await page.getByText('sales.csv', { exact: true }).click()
    await seen(page.getByText('Ada,3'))
  }, [answer]],
  ['a picture that is looked at', async (page) => {
    await attach(page)
    await say(page, 'what is this')
    await seen(page.getByText('It is red.', { exact: true }))
    await page.getByRole('button', { name: /^Open picture/ }).click()
    await seen(page.getByRole('dialog').getByRole('img'))
  }, [answer]],
  ['a message that is written anew', async (page) => {
    await say(page, 'what is red')
    await seen(page.getByText('It is red.', { exact: true }))
    await page.getByRole('button', { name: 'Edit message' }).focus()
    await page.keyboard.press('Enter')
    await seen(page.getByRole('textbox', { name: 'Edit your message' }))
  }, [answer]],
  ['the question before an answer is given again', async (page) => {
    await say(page, 'have it say hi')
    await seen(page.getByText('It said hi.', { exact: true }))
    await page.getByRole('button', { name: 'Answer again' }).click()
    await seen(page.getByRole('dialog'))
  }, [{ calls: [{ id: 'c1', name: 'everything__echo', input: { message: 'hi' } }] }, {
    say: ['It said hi.'],
  }]],
  ['an answer that failed', async (page) => {
    await say(page, 'are you there')
    await seen(page.getByRole('button', { name: 'Try again' }))
  }, [{ status: 402, body: {} }]],
  ['who answers here', async (page) => {
    await page.getByRole('button', { name: /answers here\. What is that/ }).click()
    await seen(page.getByRole('dialog'))
  }],
]

walkStaged(screens.map(([name, show, script = []]) => [name, async ({ stage, on }) => {
  const team = await foundTeam()
  await useModel(team, script)
  const page = await stage.open({ on, as: team.owner })
  await show(page)
  return page
}]))
