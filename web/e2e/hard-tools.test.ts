// Tools that behave badly: the chat stays usable, says whose side it was on, and goes on. A slow one: stop.test.ts.
import { describe, expect } from 'vitest'
import { foundTeam, join } from './api.ts'
import { message, say, seen } from './conversation.ts'
import { journey } from './journey.ts'
import { startUpstream } from './own-upstream.ts'

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('megabytes from a tool are folded, and the chat stays usable', async ({ stage }) => {
    const team = await foundTeam()
    const upstream = await startUpstream(team)
    try {
      const page = await stage.open({ on, as: await join(team, 'Mia', 'member') })
      await say(page, '/own__flood {}')
      await seen(page.getByRole('main').getByRole('button', { name: / in Own/ }).last())
      const shown = await page.getByRole('main').innerText()
      expect(shown.length).toBeLessThan(200_000)
      const started = Date.now()
      await say(page, 'echo still afloat')
      await seen(page.getByText('Echo: still afloat').first())
      expect(Date.now() - started).toBeLessThan(10_000)
      // It is the same after coming back.
      await page.reload()
      await seen(page.getByText('Echo: still afloat').first())
      await message(page).fill('and it can be written in')
    } finally {
      await upstream.close()
    }
  })

  journey(
    'a server that has died says so on its card, and the others work on',
    async ({ stage }) => {
      const team = await foundTeam()
      const upstream = await startUpstream(team)
      const page = await stage.open({ on, as: await join(team, 'Mia', 'member') })
      await say(page, '/own__hello {}')
      await seen(page.getByText('Hello.').first())
      await upstream.close()
      await say(page, '/own__hello {}')
      await page.getByRole('button', { name: /Failed/ }).last().waitFor()
      await say(page, 'echo and yet it works')
      await seen(page.getByText('Echo: and yet it works').first())
    },
  )
})
