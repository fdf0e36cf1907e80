// A call that needs a person in the middle: the question is answered, declined or called off where it is asked,
// after a reload, on another device, or in the log of activity.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { promises } from '../../supabase/tests/promises.ts'
import { foundTeam, type OwnTeam } from './api.ts'
import { card, gone, message, say, seen } from './conversation.ts'
import { journey, type Opened } from './journey.ts'

const asks = '/everything__trigger-elicitation-request {}'
const elsewhere = 'https://login.elsewhere.example/authorize?client=astra&state=0815'
const asksToOpen = `/everything__trigger-url-elicitation ${
  JSON.stringify({ url: elsewhere, message: 'Connect your account there.' })
}`

const question = (page: Page) => page.getByRole('region', { name: /asks you/ })

async function asked(
  stage: Opened,
  { on, words = asks }: { on: 'phone' | 'desktop'; words?: string },
): Promise<{ page: Page; team: OwnTeam }> {
  const team = await foundTeam()
  const page = await stage.open({ on, as: team.owner })
  await say(page, words)
  await seen(question(page))
  return { page, team }
}

const answer = (page: Page, name: string) =>
  question(page).getByRole('button', { name, exact: true })

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'a server’s question is filled in, corrected and sent, and the call goes on to its result',
    async ({ stage }) => {
      const { page } = await asked(stage, { on })
      await seen(question(page).getByText('Please provide inputs for the following fields:'))
      await seen(question(page).getByText(/Never type a password/))
      const first = question(page).getByRole('textbox', { name: 'String', exact: true })
      // It is read from its beginning, however long it is.
      expect((await first.boundingBox())!.y).toBeLessThan(page.viewportSize()!.height)
      await first.fill('Olga')
      expect(await question(page).getByLabel(/^Integer/).inputValue()).toBe('42')
      expect(await question(page).getByLabel('Guitar').isChecked()).toBe(true)
      await question(page).getByLabel('Piano').check()
      const email = question(page).getByLabel(/^String with email format/)
      await email.fill('nonsense')
      await answer(page, 'Send').click()
      await seen(question(page).getByText('Write an e-mail address'))
      await email.fill('olga@journey.test')
      await answer(page, 'Send').click()

      await gone(question(page))
      await seen(page.getByText(/User provided the requested information/))
      await seen(page.getByText(/olga@journey\.test/).first())
      await seen(card(page, 'Trigger Elicitation Request'))
    },
  )

  journey('a question is declined, and the tool hears it', async ({ stage }) => {
    const { page } = await asked(stage, { on })
    await answer(page, 'Decline').click()
    await gone(question(page))
    await seen(page.getByText(/User declined/))
  })

  journey(
    promises.page_opens_by_hand,
    async ({ stage }) => {
      const team = await foundTeam()
      const page = await stage.open({ on, as: team.owner })
      const opened: string[] = []
      const fetched: string[] = []
      page.context().on('page', (other) => opened.push(other.url()))
      await page.context().route('https://login.elsewhere.example/**', (route) => {
        fetched.push(route.request().url())
        return route.fulfill({ contentType: 'text/html', body: '<h1>Sign in</h1>' })
      })
      await say(page, asksToOpen)
      await seen(question(page))
      await seen(question(page).locator('strong', { hasText: 'login.elsewhere.example' }))
      await seen(
        question(page).getByText(elsewhere.slice('https://login.'.length), { exact: false }),
      )
      await seen(question(page).getByText(/is not the address of Everything itself/))
      expect(await question(page).getByRole('link').count()).toBe(0)
      await question(page).getByText('Connect your account there.').hover()
      expect([opened, fetched]).toEqual([[], []])

      const coming = page.context().waitForEvent('page')
      await answer(page, 'Open login.elsewhere.example').click()
      const other = await coming
      await other.waitForURL(elsewhere)
      expect(await other.evaluate(() => [window.opener, document.referrer])).toEqual([null, ''])
      await other.close()
      await seen(question(page).getByText(/come back and say so/))
      await answer(page, 'I’m done').click()
      await gone(question(page))
      await seen(card(page, 'Trigger URL Elicitation'))
    },
  )
})

journey('a question waits through a reload, and is answered then', async ({ stage }) => {
  const { page } = await asked(stage, { on: 'phone' })
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/)
  await page.reload()
  await seen(question(page))
  await question(page).getByRole('textbox', { name: 'String', exact: true }).fill('Later')
  await answer(page, 'Send').click()
  await gone(question(page))
  await seen(page.getByText(/Name: Later/))
})

journey(
  'what is answered on one device turns into the result on the other, and stays it',
  async ({ stage }) => {
    const { page, team } = await asked(stage, { on: 'phone' })
    await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/)
    const desk = await stage.open({
      on: 'desktop',
      as: team.owner,
      at: new URL(page.url()).pathname,
    })
    await seen(question(desk))
    await answer(desk, 'Decline').click()
    await seen(desk.getByText(/User declined/))
    await gone(question(page))
    await seen(page.getByText(/User declined/))
    await page.reload()
    await seen(page.getByText(/User declined/))
    expect(await question(page).count()).toBe(0)
  },
)

journey('a call is cancelled while it waits, and while it runs', async ({ stage }) => {
  const { page } = await asked(stage, { on: 'phone' })
  const cancel = page.getByRole('button', { name: 'Cancel this call' })
  await cancel.click()
  await gone(question(page))
  await seen(page.getByText(/Trigger Elicitation Request in Everything · Stopped/))

  await say(page, '/everything__trigger-long-running-operation {"duration": 40, "steps": 80}')
  await seen(page.getByRole('progressbar'))
  await cancel.click()
  await seen(page.getByText(/Trigger Long Running Operation in Everything · Stopped/))
  expect(await message(page).isEditable()).toBe(true)
})

journey('the log of activity knows what waits, and it is answered there', async ({ stage }) => {
  const { team } = await asked(stage, { on: 'phone' })
  const log = await stage.open({ on: 'phone', as: team.owner, at: '/activity' })
  await log.getByRole('combobox', { name: 'Outcome' }).selectOption({
    label: 'Waiting for someone',
  })
  await seen(log.getByRole('list', { name: /^Executions/ }).getByText('Needs an answer'))
  await log.getByRole('link', { name: /Trigger Elicitation Request/ }).click()
  // The list has the same question at its top: it is answered on the record’s own page.
  await log.waitForURL(/\/activity\/[0-9a-f-]{36}$/)
  await seen(log.getByRole('heading', { level: 1, name: 'Trigger Elicitation Request' }))
  await seen(question(log))
  await question(log).getByRole('textbox', { name: 'String', exact: true }).fill('From the log')
  await answer(log, 'Send').click()
  await gone(question(log))
  await seen(log.getByText(/Name: From the log/))
  await seen(log.getByText('Done').first())
})

journey('what waits for a person stands at the top of their activity', async ({ stage }) => {
  const { team } = await asked(stage, { on: 'phone' })
  const log = await stage.open({ on: 'desktop', as: team.owner, at: '/activity' })
  const inbox = log.getByRole('region', { name: 'Waiting for you' })
  await inbox.getByRole('textbox', { name: 'String', exact: true }).fill('From the top')
  await inbox.getByRole('button', { name: 'Send' }).click()
  await seen(inbox.getByText('Done'))
  await inbox.getByRole('link', { name: 'What came of it' }).click()
  await seen(log.getByText(/Name: From the top/))
})
