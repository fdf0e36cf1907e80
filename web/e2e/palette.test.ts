// Tools a person chooses themselves: from the list, by a command, and through the form that asks for what is missing.
import { describe, expect } from 'vitest'
import { card, gone, message, say, seen } from './conversation.ts'
import { journey } from './journey.ts'

journey('the keyboard finds a tool in the list and fills in its form', async ({ stage }) => {
  const page = await stage.open({ on: 'desktop', as: 'member@acme.test' })
  await message(page).press('/')
  const list = page.getByRole('listbox', { name: 'Tools' })
  await seen(list)
  await page.keyboard.type('sum')
  await seen(list.getByRole('option', { name: /Get Sum/ }).first())
  const first = await list.getByRole('option', { selected: true }).textContent()
  await page.keyboard.press('ArrowDown')
  expect(await list.getByRole('option', { selected: true }).textContent()).not.toBe(first)
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')

  const form = page.getByRole('dialog', { name: 'Get Sum' })
  await form.getByRole('textbox', { name: /^A/ }).fill('20')
  await page.keyboard.press('Tab')
  await page.keyboard.type('22')
  await page.keyboard.press('Enter')
  await gone(form)
  await seen(page.getByText('The sum of 20 and 22 is 42.').first())
})

journey('Escape closes the list and leaves what was typed', async ({ stage }) => {
  const page = await stage.open({ on: 'desktop', as: 'member@acme.test' })
  await message(page).press('/')
  const list = page.getByRole('listbox', { name: 'Tools' })
  await seen(list)
  await page.keyboard.press('Escape')
  await gone(list)
  expect(await message(page).inputValue()).toBe('/')
})

journey('a finger opens the list, picks a tool, and sends its form', async ({ stage }) => {
  const page = await stage.open({ on: 'phone', as: 'member@acme.test' })
  await page.getByRole('button', { name: 'Tools' }).tap()
  const list = page.getByRole('listbox', { name: 'Tools' })
  await list.getByRole('option', { name: /^Echo/ }).first().tap()
  const form = page.getByRole('dialog', { name: 'Echo' })
  await form.getByRole('button', { name: /^Run in/ }).tap()
  await seen(form.getByText(/needed|required|fill/i).first())
  await form.getByRole('textbox', { name: 'Message' }).fill('tapped')
  await form.getByRole('button', { name: /^Run in/ }).tap()
  await seen(page.getByText('Echo: tapped').first())
})

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('a command with its arguments runs at once', async ({ stage }) => {
    const page = await stage.open({ on, as: 'member@acme.test' })
    await say(page, '/everything__get-sum {"a": 2, "b": 3}')
    await seen(page.getByText('The sum of 2 and 3 is 5.').first())
    await seen(card(page, 'Get Sum'))
  })

  journey(
    'a command that lacks an argument asks for it with a form, and runs it',
    async ({ stage }) => {
      const page = await stage.open({ on, as: 'member@acme.test' })
      await say(page, '/everything__get-sum a=2')
      const question = page.getByRole('region', { name: /Astra needs a little more/ })
      await seen(question)
      expect(await question.getByRole('textbox', { name: /^A/ }).inputValue()).toBe('2')
      await question.getByRole('textbox', { name: /^B/ }).fill('5')
      await question.getByRole('button', { name: 'Run', exact: true }).click()
      await seen(page.getByText('The sum of 2 and 5 is 7.').first())
    },
  )
})
