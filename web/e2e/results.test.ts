// What a tool gives back is drawn as what it is: pictures, facts, tables, text, and only JSON when nothing else fits.
import { describe, expect } from 'vitest'
import { card, say, seen } from './conversation.ts'
import { journey } from './journey.ts'

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'a picture is shown as a picture, with words for those who do not see it',
    async ({ stage }) => {
      const page = await stage.open({ on, as: 'member@acme.test' })
      await say(page, '/everything__get-tiny-image {}')
      const picture = page.getByRole('main').getByRole('img').last()
      await seen(picture)
      expect(await picture.getAttribute('alt')).toBeTruthy()
      expect(
        await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth),
      ).toBeGreaterThan(0)
    },
  )

  journey(
    'structured content is read as facts, with its JSON one click away',
    async ({ stage }) => {
      const page = await stage.open({ on, as: 'member@acme.test' })
      await say(page, '/everything__get-structured-content {"location": "Chicago"}')
      await seen(page.getByRole('term').filter({ hasText: 'Conditions' }).first())
      await seen(page.getByRole('definition').filter({ hasText: 'Light rain' }).first())
      await page.getByRole('button', { name: 'Show as JSON' }).first().click()
      await seen(page.getByText('"Light rain / drizzle"').or(page.getByText('conditions:')).first())
      await page.getByRole('button', { name: 'Show as a page' }).first().click()
      await seen(page.getByRole('term').filter({ hasText: 'Conditions' }).first())
    },
  )

  journey('a message with a picture beside it shows both', async ({ stage }) => {
    const page = await stage.open({ on, as: 'member@acme.test' })
    await say(
      page,
      '/everything__get-annotated-message {"messageType": "success", "includeImage": true}',
    )
    await seen(page.getByText('Operation completed successfully').first())
    await seen(page.getByRole('main').getByRole('img').first())
  })

  journey('long output is folded until a person asks for all of it', async ({ stage }) => {
    const page = await stage.open({ on, as: 'member@acme.test' })
    const lines = Array.from({ length: 60 }, (_, at) => `line ${at + 1}`).join('\\n')
    await say(page, `/everything__echo {"message": "${lines}"}`)
    await seen(card(page, 'Echo'))
    const more = page.getByRole('button', { name: 'Show all' }).first()
    await seen(more)
    await more.click()
    await seen(page.getByRole('button', { name: 'Show less' }).first())
    await seen(page.getByText('line 60').last())
  })

  journey('JSON that fits nothing else is a tree to open branch by branch', async ({ stage }) => {
    const page = await stage.open({ on, as: 'member@acme.test', at: '/activity' })
    await page.goto(new URL('/chat', page.url()).href)
    const deep = { a: { b: { c: { d: { e: 'the bottom' } } } }, list: [[1, [2]], [3]] }
    await say(page, `/everything__get-env ${JSON.stringify({})}`)
    await seen(card(page, 'Print Environment'))
    await say(page, `/everything__echo ${JSON.stringify({ message: JSON.stringify(deep) })}`)
    await card(page, 'Echo').click()
    await seen(page.getByText('the bottom').first())
  })
})

journey('what a tool says is never run as a page', async ({ stage }) => {
  const page = await stage.open({ on: 'desktop', as: 'member@acme.test' })
  const hostile = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script> ' +
    '[click](javascript:window.hurt=1) ![x](http://127.0.0.1:9/spy.png)'
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await say(page, `/everything__echo ${JSON.stringify({ message: hostile })}`)
  await seen(card(page, 'Echo'))
  await seen(page.getByText(/click/).last())
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false)
  expect(await page.locator('a[href^="javascript:"]').count()).toBe(0)
  expect(asked.filter((url) => url.includes(':9/'))).toEqual([])
})
