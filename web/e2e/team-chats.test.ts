// A chat that a team has: begun for everyone or shared later, talked in under names, found, put away, taken back.
import { describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import { foundTeam, join, rule } from './api.ts'
import { chatMenu, gone, message, openList, say, seen } from './conversation.ts'
import { journey } from './journey.ts'

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('two people talk in one chat of the team, each under their name', async ({ stage }) => {
    const team = await foundTeam()
    const mia = await stage.open({ on, as: await join(team, 'Mia', 'member') })
    await seen(mia.getByText('Only you will see this chat'))
    await openList(mia, on)
    await mia.getByRole('link', { name: 'New team chat' }).click()
    await seen(mia.getByText(`Everyone in ${team.name} will read this chat`))
    await say(mia, 'echo from Mia')
    await seen(mia.getByText('Echo: from Mia').first())
    await seen(header(mia).getByText(`Everyone in ${team.name}`))

    const carl = await stage.open({ on, as: await join(team, 'Carl', 'member') })
    await openList(carl, on)
    await carl.getByRole('link', { name: 'echo from Mia', exact: true }).click()
    await seen(carl.getByRole('heading', { name: 'Mia said' }))
    await seen(carl.getByText('Echo: from Mia').first())
    await say(carl, 'echo from Carl')
    await seen(carl.getByText('Echo: from Carl').first())

    await seen(mia.getByRole('heading', { name: 'Carl said' }))
    await seen(mia.getByText('Echo: from Carl').first())
    expect(await mia.getByRole('heading', { name: 'You said' }).count()).toBe(1)
    expect(await carl.getByRole('heading', { name: 'You said' }).count()).toBe(1)

    await carl.goto(new URL('/activity', carl.url()).href)
    const ran = carl.getByRole('main').getByRole('link', { name: /Echo/ })
    await seen(ran.first())
    expect(await ran.count(), 'only what Carl ran himself').toBe(1)
  })

  journey(
    'a chat is shared with what is in it, and made private again it is gone for others',
    async ({ stage }) => {
      const team = await foundTeam()
      const mia = await stage.open({ on, as: await join(team, 'Mia', 'member') })
      await say(mia, 'echo the plan')
      await seen(mia.getByText('Echo: the plan').first())
      await seen(header(mia).getByText('Only you'))
      const at = new URL(mia.url()).pathname
      const carl = await stage.open({ on, as: await join(team, 'Carl', 'member'), at })
      await seen(carl.getByText('This chat is not there'))

      await chatMenu(mia, `Share with ${team.name}`)
      await seen(mia.getByRole('dialog').getByText('the results of tools and attached files'))
      await mia.getByRole('button', { name: 'Share', exact: true }).click()
      await seen(header(mia).getByText(`Everyone in ${team.name}`))
      await carl.reload()
      await seen(carl.getByText('Echo: the plan').first())
      await say(carl, 'echo a remark')
      await seen(carl.getByText('Echo: a remark').first())
      await carl.getByRole('button', { name: 'This chat' }).click()
      await seen(carl.getByRole('menuitem', { name: 'Copy link' }))
      expect(await carl.getByRole('menuitem').count()).toBe(1)
      await carl.keyboard.press('Escape')

      await chatMenu(mia, 'Make private')
      await mia.getByRole('button', { name: 'Make private', exact: true }).click()
      await seen(header(mia).getByText('Only you'))
      await seen(carl.getByText('This chat is not there'))
      await carl.reload()
      await seen(carl.getByText('This chat is not there'))
      await gone(carl.getByText('the plan').first())
      await seen(mia.getByRole('heading', { name: 'Carl said' }))
      await seen(mia.getByText('Echo: a remark').first())
    },
  )

  journey('a chat is found by what was said in it, by whoever may read it', async ({ stage }) => {
    const team = await foundTeam()
    const mia = await stage.open({ on, as: await join(team, 'Mia', 'member') })
    await say(mia, 'echo remember the milk')
    await seen(mia.getByText('Echo: remember the milk').first())
    const at = new URL(mia.url()).pathname
    await mia.goto(new URL('/chat', mia.url()).href)
    await seen(message(mia))
    await openList(mia, on)
    await mia.getByRole('searchbox', { name: 'Search chats' }).fill('mil remem')
    const found = mia.getByRole('region', { name: 'Found chats' })
    await seen(found.getByText('1 chat'))
    await found.getByRole('link').click()
    await mia.waitForURL(new RegExp(`${at}$`))
    await seen(mia.getByText('Echo: remember the milk').first())

    const carl = await stage.open({ on, as: await join(team, 'Carl', 'member') })
    await openList(carl, on)
    await carl.getByRole('searchbox', { name: 'Search chats' }).fill('milk')
    await seen(carl.getByText('No chat has all these words.'))
  })

  journey('an archived chat is out of the list until it is brought back', async ({ stage }) => {
    const page = await stage.open({ on, as: await join(await foundTeam(), 'Mia', 'member') })
    await say(page, 'echo done with this')
    await seen(page.getByText('Echo: done with this').first())
    await chatMenu(page, 'Archive')
    await seen(header(page).getByText('Archived'))
    await openList(page, on)
    await seen(page.getByText('Your chats will be listed here.'))
    await page.getByRole('button', { name: 'Archived chats' }).click()
    const item = page.getByRole('link', { name: 'echo done with this', exact: true })
    await seen(item)
    await item.hover()
    await page.getByRole('button', { name: 'More for echo done with this' }).click()
    await page.getByRole('menuitem', { name: 'Bring back' }).click()
    await seen(page.getByText('Nothing is archived.'))
    await page.getByRole('button', { name: 'Archived chats' }).click()
    await seen(item)
    await gone(header(page).getByText('Archived'))
  })

  journey(
    'a call that waits for one is shown to the other, who cannot answer it',
    async ({ stage }) => {
      const team = await foundTeam()
      await rule(team, ['echo'], { policy: 'ask' })
      const mia = await stage.open({
        on,
        as: await join(team, 'Mia', 'member'),
        at: '/chat?with=team',
      })
      await say(mia, 'the string and its echo: {"message": "hello"}')
      await seen(mia.getByRole('button', { name: /^Approve/ }))
      const at = new URL(mia.url()).pathname
      const carl = await stage.open({ on, as: await join(team, 'Carl', 'member'), at })
      await seen(carl.getByText('Waiting for Mia'))
      expect(await carl.getByRole('button', { name: /Approve|Reject|Cancel/ }).count()).toBe(0)
      await mia.getByRole('button', { name: /^Approve/ }).click()
      await seen(carl.getByText('Echo: hello').first())
    },
  )
})

/** The head of the open chat. */
const header = (page: Page) => page.locator('header:has(h1)')
