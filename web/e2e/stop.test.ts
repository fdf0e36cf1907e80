// A person ends what takes too long, and the record says it was ended.
import { describe, expect } from 'vitest'
import { gone, message, say, seen } from './conversation.ts'
import { journey } from './journey.ts'

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('progress is shown while a tool runs, and Stop cancels it', async ({ stage }) => {
    const page = await stage.open({ on, as: 'admin@acme.test' })
    await say(page, '/everything__trigger-long-running-operation {"duration": 40, "steps": 80}')
    const progress = page.getByRole('progressbar')
    await seen(progress)
    const before = Number(await progress.getAttribute('aria-valuenow'))
    await page.waitForFunction(
      (at) => Number(document.querySelector('[role=progressbar]')?.ariaValueNow) > at,
      before,
    )
    await seen(page.getByRole('timer'))

    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await gone(progress)
    await seen(page.getByText(/Trigger Long Running Operation in Everything · Stopped/))
    expect(await page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0)

    const record = await stage.open({ on, as: 'admin@acme.test', at: '/activity?status=cancelled' })
    await record.getByRole('link', { name: /Trigger Long Running/ }).first().click()
    await seen(record.getByText('Cancelled').first())
    await seen(record.getByText('Ended'))
    expect(await record.getByText('Still under way').count()).toBe(0)

    await say(page, 'echo and on we go')
    await seen(page.getByText('Echo: and on we go').first())
    expect(await message(page).inputValue()).toBe('')
  })
})
