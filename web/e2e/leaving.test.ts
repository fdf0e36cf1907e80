// Leaving ends nothing: an answer grows on while one is away, is there on every device, and is stopped from any.
import { describe, expect } from 'vitest'
import { foundTeam, rule } from './api.ts'
import { gone, say, seen } from './conversation.ts'
import { journey } from './journey.ts'
import { useModel } from './model.ts'

const stopButton = { name: 'Stop', exact: true } as const

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'an answer goes on through a reload, and is whole when it has ended',
    async ({ stage }) => {
      const team = await foundTeam()
      const model = await useModel(team, [{
        say: ['The first half', ' and the second.'],
        holds: true,
      }])
      const page = await stage.open({ on, as: team.owner })
      await say(page, 'tell me')
      await seen(page.getByText('The first half', { exact: true }))
      await page.reload()
      await seen(page.getByText('The first half', { exact: true }))
      await seen(page.getByText('Still answering'))
      await seen(page.getByRole('button', stopButton))
      await model.release()
      await seen(page.getByText('The first half and the second.', { exact: true }))
      await gone(page.getByRole('button', stopButton))
      expect(await page.getByText('Stopped here.').count()).toBe(0)
      expect((await model.asked()).length).toBe(1)
    },
  )

  journey('an answer is stopped from another device', async ({ stage }) => {
    const team = await foundTeam()
    await useModel(team, [{ say: ['On and on'], hangs: true }, { say: ['Next.'] }])
    const page = await stage.open({ on, as: team.owner })
    await say(page, 'talk')
    await seen(page.getByText('On and on', { exact: true }))
    const at = new URL(page.url()).pathname
    const other = await stage.open({ on: on === 'phone' ? 'desktop' : 'phone', as: team.owner, at })
    await seen(other.getByText('On and on', { exact: true }))
    await other.getByRole('button', stopButton).click()
    await seen(other.getByText('Stopped here.'))
    await seen(page.getByText('Stopped here.'))
    await gone(page.getByRole('button', stopButton))
    await say(page, 'and now')
    await seen(page.getByText('Next.', { exact: true }))
  })
})

journey('an answer that waits for a yes goes on by itself, on every screen', async ({ stage }) => {
  const team = await foundTeam()
  const hi = { id: 'c1', name: 'everything__echo', input: { message: 'hi' } }
  await useModel(team, [{ calls: [hi] }, { say: ['It said hi, after all.'] }])
  await rule(team, ['echo'], { policy: 'ask' })
  const page = await stage.open({ on: 'desktop', as: team.owner })
  await say(page, 'have it say hi')
  const approve = page.getByRole('button', { name: 'Approve' })
  await seen(approve)
  const at = new URL(page.url()).pathname
  const other = await stage.open({ on: 'phone', as: team.owner, at })
  await seen(other.getByRole('button', { name: 'Approve' }))
  await approve.click()
  await seen(page.getByText('It said hi, after all.', { exact: true }))
  await seen(other.getByText('It said hi, after all.', { exact: true }))
})
