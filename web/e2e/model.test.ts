// The team’s own model: a wrong key is told in the settings and in the chat; put right, the chat works.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { foundTeam, join } from './api.ts'
import type { Device } from './browser.ts'
import { card, gone, say, seen } from './conversation.ts'
import { journey } from './journey.ts'
import { type ScriptedModel, scriptModel, useModel } from './model.ts'

const echo = { id: 'c1', name: 'everything__echo', input: { message: 'hi' } }

async function enter(page: Page, model: ScriptedModel, key: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Provider' }).selectOption('other')
  await page.getByRole('textbox', { name: 'Address' }).fill(model.base_url)
  await page.getByRole('textbox', { name: 'Model' }).fill('scripted')
  await page.getByLabel('Key').fill(key)
  await page.getByRole('button', { name: 'Save and test' }).click()
}

journey.for<Device>(['phone', 'desktop'])(
  'a wrong key of the team’s model is told with what to do, and put right on a %s',
  async (on, { stage }) => {
    const team = await foundTeam()
    const model = await scriptModel([
      { say: ['ready'] },
      { calls: [echo] },
      { say: ['It said ', 'hi.'], usage: { input: 1_200, output: 34, cost: 0.0123 } },
    ])
    const page = await stage.open({ on, as: team.owner, at: '/settings?tab=model' })
    await seen(page.getByText('Built-in router', { exact: true }))
    await enter(page, model, 'sk-wrong')
    const told = /refuses Astra’s key\. An admin of the team needs to enter a key that works/
    await seen(page.getByText('refuses Astra’s key. Enter a key that works.'))
    expect(await page.getByLabel('Key').inputValue()).toBe('')

    await page.goto(new URL('/chat', page.url()).href)
    await seen(page.getByText('scripted', { exact: true }).first())
    await say(page, 'have it say hi')
    await seen(page.getByRole('main').getByText(told).first())

    await page.goto(new URL('/settings?tab=model', page.url()).href)
    await page.getByLabel('Key').fill(model.key)
    await page.getByRole('button', { name: 'Save and test' }).click()
    await seen(page.getByText(/“scripted” answers, and takes tools/))
    await seen(page.getByText('Entered another key'))

    await page.goto(new URL('/chat', page.url()).href)
    await say(page, 'have it say hi')
    await seen(page.getByText('It said hi.', { exact: true }))
    await seen(card(page, 'Echo'))
    expect((await model.asked()).length).toBe(3)
    expect(await page.content()).not.toContain(model.key)
  },
)

journey('a model that is removed leaves its team to what was there before', async ({ stage }) => {
  const team = await foundTeam()
  await useModel(team, [])
  const page = await stage.open({ on: 'phone', as: team.owner, at: '/settings?tab=model' })
  await seen(page.getByText(/A key is kept ·/))
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove model' }).click()
  await gone(page.getByRole('dialog'))
  await seen(page.getByText('Built-in router', { exact: true }))
  await seen(page.getByText(/^Went back from scripted at/))
})

journey(
  'an address inside is refused beside its field, before anything is asked',
  async ({ stage }) => {
    const team = await foundTeam({ server: false })
    stage.expectProblem(/400/)
    const page = await stage.open({ on: 'desktop', as: team.owner, at: '/settings?tab=model' })
    await page.getByRole('combobox', { name: 'Provider' }).selectOption('other')
    await page.getByRole('textbox', { name: 'Address' }).fill('https://10.0.0.7/v1')
    await page.getByRole('textbox', { name: 'Model' }).fill('m')
    await page.getByRole('button', { name: 'Save and test' }).click()
    await seen(page.getByText(/This is a private address; the operator has not listed it/))
  },
)

journey('members see which model answers them, and nothing to change', async ({ stage }) => {
  const team = await foundTeam()
  await useModel(team, [{ calls: [echo] }, { say: ['It said hi to Mia.'] }])
  const mia = await join(team, 'Mia', 'member')
  const page = await stage.open({ on: 'phone', as: mia, at: '/settings?tab=model' })
  await seen(page.getByText('Admins of your team can change it.'))
  expect(await page.getByRole('button', { name: /Test|Save/ }).count()).toBe(0)
  await page.goto(new URL('/chat', page.url()).href)
  await say(page, 'greet me')
  await seen(page.getByText('It said hi to Mia.', { exact: true }))
})
