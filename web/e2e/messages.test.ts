// What a person does with messages: write one anew, have it answered again, copy, and put right what failed.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { ask, chat, foundTeam, join, patch, rule } from './api.ts'
import { card, gone, idInAddress, message, say, seen } from './conversation.ts'
import { journey } from './journey.ts'
import { useModel } from './model.ts'

const hi = { id: 'c1', name: 'everything__echo', input: { message: 'hi' } }

/** In place, with the keyboard’s own focus. */
async function edit(page: Page, from: string, to: string): Promise<void> {
  await page.getByText(from, { exact: true }).last().hover()
  await page.getByRole('button', { name: 'Edit message' }).last().click()
  const box = page.getByRole('textbox', { name: 'Edit your message' })
  expect(await box.inputValue()).toBe(from)
  await box.fill(to)
  await page.locator('form', { has: box }).getByRole('button', { name: 'Send' }).click()
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('a message is written anew where it stands, and answered anew', async ({ stage }) => {
    const team = await foundTeam()
    const model = await useModel(team, [{ say: ['About cats.'] }, { say: ['About dogs.'] }])
    const page = await stage.open({ on, as: team.owner })
    await say(page, 'tell me of cats')
    await seen(page.getByText('About cats.', { exact: true }))
    await edit(page, 'tell me of cats', 'tell me of dogs')
    await seen(page.getByText('About dogs.', { exact: true }))
    await gone(page.getByText('About cats.', { exact: true }))
    await page.reload()
    await seen(page.getByText('About dogs.', { exact: true }))
    await seen(page.getByText('tell me of dogs', { exact: true }))
    // The chat keeps its name.
    const words = page.locator('main div', { hasText: /^tell me of cats$/ })
    expect(await words.count()).toBe(0)
    const [, second] = await model.asked()
    expect(JSON.stringify(second?.body.messages)).not.toContain('cats')
  })

  journey('given again, an answer’s tool asks where a rule now asks', async ({ stage }) => {
    const team = await foundTeam()
    await useModel(team, [{ calls: [hi] }, { say: ['It said hi.'] }, { calls: [hi] }])
    const page = await stage.open({ on, as: team.owner })
    await say(page, 'have it say hi')
    await seen(page.getByText('It said hi.', { exact: true }))
    await rule(team, ['echo'], { policy: 'ask' })
    await page.getByRole('button', { name: 'Answer again' }).last().click()
    await seen(page.getByText(/keeps to your team’s rules as they are now/))
    await page.getByRole('dialog').getByRole('button', { name: 'Answer again' }).click()
    await seen(page.getByRole('button', { name: 'Approve' }))
    await gone(page.getByText('It said hi.', { exact: true }))
    const runs = await ask(
      `/rest/v1/mcp_tool_executions?select=status&status=eq.success&team_id=eq.${team.team_id}`,
      { method: 'GET', session: team.owner },
    )
    expect(runs.body).toHaveLength(1)
  })

  journey('an answer and one’s own words can be copied', async ({ stage }) => {
    const page = await stage.open({ on, as: 'member@acme.test' })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await say(page, '/nothing-of-this-name')
    const copy = page.getByRole('button', { name: 'Copy answer' })
    await copy.click()
    await seen(page.getByText('Copied').first())
    const pasted = () => page.evaluate(() => navigator.clipboard.readText())
    const answer = await pasted()
    expect(answer.length).toBeGreaterThan(10)
    await seen(page.getByText(answer.split('\n')[0]!.slice(0, 20)).first())
    await page.getByText('/nothing-of-this-name').last().hover()
    await page.getByRole('button', { name: 'Copy message' }).click()
    await expect.poll(pasted).toBe('/nothing-of-this-name')
  })
})

journey(
  'a person’s own call is changed in its form and takes the old one’s place',
  async ({ stage }) => {
    const page = await stage.open({ on: 'phone', as: 'member@acme.test' })
    await say(page, '/everything__echo {"message": "one"}')
    await seen(page.getByText('Echo: one').first())
    await page.getByRole('button', { name: 'Edit message' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('textbox', { name: /message/i }).fill('two')
    await form.getByRole('button', { name: 'Run in Everything' }).click()
    await seen(page.getByText('Echo: two').first())
    await gone(page.getByText('Echo: one').first())
    expect(await card(page, 'Echo').count()).toBe(1)
  },
)

journey(
  'the keyboard alone edits a message, gives up, and finds its place again',
  async ({ stage }) => {
    const page = await stage.open({ on: 'desktop', as: 'member@acme.test' })
    await say(page, 'echo with keys')
    await seen(page.getByText('Echo: with keys').first())
    const button = page.getByRole('button', { name: 'Edit message' })
    await button.focus()
    await expect.poll(() => button.evaluate((one) => getComputedStyle(one.parentElement!).opacity))
      .toBe('1')
    await page.keyboard.press('Enter')
    const box = page.getByRole('textbox', { name: 'Edit your message' })
    await seen(box)
    await page.keyboard.type(', and more')
    expect(await box.inputValue()).toBe('echo with keys, and more')
    await page.keyboard.press('Escape')
    await gone(box)
    await expect.poll(() => button.evaluate((one) => one === document.activeElement)).toBe(true)
  },
)

journey('an answer that failed says what to do, and is asked for again', async ({ stage }) => {
  const team = await foundTeam()
  const member = await join(team, 'Mia', 'member')
  const refusal = { status: 402, body: { error: { message: 'sk-secret is broke' } } }
  await useModel(team, [refusal, { say: ['Here I am.'] }, refusal])
  const page = await stage.open({ on: 'phone', as: member })
  await say(page, 'are you there')
  const problem = page.getByText(/out of credit\..*ask an admin/)
  await seen(problem)
  expect(await page.getByRole('link', { name: 'Model settings' }).count()).toBe(0)
  await page.reload()
  await seen(problem)
  await page.getByRole('button', { name: 'Try again' }).click()
  await seen(page.getByText('Here I am.', { exact: true }))
  await gone(problem)

  const admin = await stage.open({ on: 'desktop', as: team.owner })
  await say(admin, 'and for me')
  await admin.getByRole('link', { name: 'Model settings' }).click()
  await admin.waitForURL(/\/settings\?tab=model$/)
})

journey('where others have written since, an edit becomes a new message', async ({ stage }) => {
  stage.expectProblem(/409/)
  const team = await foundTeam()
  const other = await join(team, 'Otto', 'member')
  const page = await stage.open({ on: 'phone', as: team.owner })
  await say(page, 'echo first')
  await seen(page.getByText('Echo: first').first())
  const chat_id = idInAddress(page)
  await patch(team.owner, `astra_chats?id=eq.${chat_id}`, { visibility: 'team' })
  await chat(other, { team_id: team.team_id, chat_id, text: 'echo in between' })
  await edit(page, 'echo first', 'echo second')
  await seen(page.getByText(/Not sent\. Others have written since/))
  await seen(page.getByText('echo first', { exact: true }).last())
  await seen(page.getByText('Echo: in between').first())
  await page.getByRole('button', { name: 'Send as a new message' }).click()
  await seen(page.getByText('Echo: second').first())
  await seen(page.getByText('Echo: first').first())
  expect(await message(page).inputValue()).toBe('')
})
