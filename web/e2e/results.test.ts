// What a tool gives back is drawn as what it is: pictures, facts, tables, text, and only JSON when nothing else fits.
import { describe, expect } from 'vitest'
import { card, gone, say, seen } from './conversation.ts'
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
    'structured content is read as facts, once, with its JSON as a tree one click away',
    async ({ stage }) => {
      const page = await stage.open({ on, as: 'member@acme.test' })
      await say(page, '/everything__get-structured-content {"location": "Chicago"}')
      const facts = page.getByRole('term').filter({ hasText: 'Conditions' })
      await seen(facts)
      expect(await facts.count()).toBe(1)
      await seen(page.getByRole('definition').filter({ hasText: 'Light rain / drizzle' }))

      await page.getByRole('button', { name: 'Show as JSON' }).click()
      const tree = page.getByRole('button', { name: /humidity/, expanded: true })
      const leaf = page.getByText('conditions: Light rain / drizzle')
      await seen(leaf)
      await tree.click()
      await gone(leaf)
      await page.getByRole('button', { name: 'Show as a page' }).click()
      await seen(facts)
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

  journey('however long a chat gets, it scrolls inside the app, which stays', async ({ stage }) => {
    const page = await stage.open({ on, as: 'member@acme.test' })
    await say(page, '/everything__get-resource-links {"count": 10}')
    await seen(page.getByText('Blob Resource 9').first())
    await say(page, '/everything__echo {"message": "one more"}')
    await seen(card(page, 'Echo'))
    const beyond = () => document.documentElement.scrollHeight - innerHeight
    expect(await page.evaluate(beyond)).toBe(0)
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
