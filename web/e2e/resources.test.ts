// What servers offer to read: looked at, attached to a message as quoted text, and read where a result links to it.
import { describe, expect } from 'vitest'
import { foundTeam } from './api.ts'
import { gone, message, say, seen } from './conversation.ts'
import { journey } from './journey.ts'

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'a resource is looked at, attached, sent, and still there after a reload',
    async ({ stage }) => {
      const page = await stage.open({ on, as: (await foundTeam()).owner })
      await message(page).fill('echo with a file')
      await page.getByRole('button', { name: 'Tools' }).click()
      await page.getByRole('tab', { name: 'Resources' }).click()
      await page.getByRole('option', { name: /^features\.md/ }).click()
      const dialog = page.getByRole('dialog', { name: 'features.md' })
      await seen(dialog.getByRole('heading', { name: 'Everything Server - Features' }))
      await dialog.getByRole('button', { name: 'Attach to the message' }).click()
      await gone(dialog)
      const along = page.getByRole('list', { name: 'With this message' })
      await seen(along.getByText('features.md from Everything'))
      expect(await message(page).inputValue()).toBe('echo with a file')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await gone(along)

      // The router heard the person's own words only.
      await seen(page.getByText('Echo: with a file', { exact: true }))
      const attached = page.getByText(/^features\.md from Everything$/)
      await seen(attached)
      await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/)
      await page.reload()
      await attached.click()
      await seen(page.getByText('demo://resource/static/document/features.md'))
      await seen(page.getByText(/# Everything Server - Features/).last())
    },
  )

  journey('a link in a result is read from its server, in place', async ({ stage }) => {
    const page = await stage.open({ on, as: (await foundTeam()).owner })
    await say(page, '/everything__get-resource-links {"count": 2}')
    await page.getByRole('button', { name: 'Read Text Resource 2' }).click()
    await seen(page.getByText(/Resource 2: This is a plaintext resource/))
    expect(await page.getByRole('button', { name: /^Read / }).count()).toBe(1)
  })
})

journey(
  'a pattern is filled in before it is read, and what is no text is only looked at',
  async ({ stage }) => {
    const page = await stage.open({ on: 'phone', as: (await foundTeam()).owner })
    await page.getByRole('button', { name: 'Tools' }).click()
    await page.getByRole('tab', { name: 'Resources' }).click()
    await page.getByRole('option', { name: /^Dynamic Blob Resource/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Dynamic Blob Resource' })
    await dialog.getByRole('button', { name: 'Show', exact: true }).click()
    await seen(dialog.getByText('This is needed'))
    await dialog.getByRole('textbox', { name: 'Resource id' }).fill('3')
    await dialog.getByRole('button', { name: 'Show', exact: true }).click()
    await seen(dialog.getByText('Only text can be attached. This is to look at here.'))
    expect(await dialog.getByRole('button', { name: 'Attach to the message' }).isDisabled()).toBe(
      true,
    )
    await page.keyboard.press('Escape')
    await gone(dialog)
    await seen(message(page))
  },
)
