// Without a mouse: everything can be reached, one always sees where one is, and one is never thrown out.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { demoPassword, foundTeam, join, rule } from './api.ts'
import { gone, message, say, seen } from './conversation.ts'
import { journey } from './journey.ts'
import { settled } from './measure.ts'

journey(
  'a person signs in, sends a message, opens its card and goes to settings with keys alone',
  async ({ stage }) => {
    const person = await join(await foundTeam(), 'Mia', 'member')
    const page = await stage.open({ on: 'desktop', at: '/sign-in' })
    await seen(page.getByRole('heading', { name: 'Sign in to Astra' }))
    await page.keyboard.type(person.user.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(demoPassword)
    await page.keyboard.press('Enter')

    await seen(message(page))
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.keyboard.type('echo by hand')
    await page.keyboard.press('Enter')
    await seen(page.getByText('Echo: by hand').first())

    await reach(page, /^Echo in Everything/, 'Shift+Tab')
    await page.keyboard.press('Enter')
    await seen(page.getByRole('link', { name: 'Record of this call' }))
    expect(await focusedName(page)).toMatch(/^Echo in Everything/)

    await reach(page, /^Settings$/, 'Shift+Tab')
    await page.keyboard.press('Enter')
    await seen(page.getByRole('heading', { level: 1, name: 'Settings' }))
    expect(await focusedName(page)).toBe('Settings')
  },
)

journey(
  'a person edits a message, approves a call and goes back to an older chat with keys alone',
  async ({ stage }) => {
    const team = await foundTeam()
    await rule(team, ['echo'], { policy: 'ask' })
    const page = await stage.open({ on: 'desktop', as: await join(team, 'Mia', 'member') })
    await seen(message(page))
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    // A command of one’s own is its approval.
    await page.keyboard.type('/get-sum a=2 b=3')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await seen(page.getByText('The sum of 2 and 3 is 5.').first())

    await reach(page, /^Edit message$/, 'Shift+Tab')
    await page.keyboard.press('Enter')
    await waitForFocus(page, 'Edit your message')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('/get-sum a=4 b=5')
    await page.keyboard.press('Enter')
    await seen(page.getByText('The sum of 4 and 5 is 9.').first())

    await reach(page, /^New chat$/, 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/chat$/)
    await message(page).focus()
    await page.keyboard.type('the string and its echo: {"message": "by keys"}')
    await page.keyboard.press('Enter')
    await seen(page.getByRole('button', { name: 'Approve' }))
    await reach(page, /^Approve/, 'Shift+Tab')
    await page.keyboard.press('Enter')
    await seen(page.getByText('Echo: by keys').first())

    await reach(page, /^Get Sum$/i, 'Shift+Tab')
    await page.keyboard.press('Enter')
    await seen(page.getByText('The sum of 4 and 5 is 9.').first())
  },
)

journey(
  'the way from the top of the chat to its end is visible at every stop',
  async ({ stage }) => {
    const page = await stage.open({ on: 'desktop', as: 'member@acme.test' })
    await say(page, 'echo step by step')
    await seen(page.getByText('Echo: step by step').first())
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('Tab')
    expect(await focusedName(page)).toBe('Skip to content')
    await visibleStops(page, 14)
  },
)

journey('so is the way through a server’s page', async ({ stage }) => {
  const page = await stage.open({ on: 'desktop', as: 'owner@acme.test', at: '/settings' })
  await page.getByRole('link', { name: 'Everything', exact: true }).click()
  await seen(page.getByRole('button', { name: /^Try Echo/ }))
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Tab')
  await visibleStops(page, 14)
})

journey('Ctrl K goes anywhere, from anywhere', async ({ stage }) => {
  const page = await stage.open({ on: 'desktop', as: 'owner@acme.test', at: '/activity' })
  await seen(page.getByRole('heading', { level: 1, name: 'Activity' }))
  const find = page.getByRole('combobox', { name: /^Find/ })
  await page.keyboard.press('Control+k')
  await seen(find)
  await page.keyboard.type('everything sse')
  await seen(page.getByRole('option', { name: /Everything SSE/ }).first())
  await page.keyboard.press('Escape')
  await gone(find)
  await page.keyboard.press('Control+k')
  await seen(find)
  await page.keyboard.type('settings')
  await seen(page.getByRole('option', { name: 'Settings', selected: true }))
  await page.keyboard.press('Enter')
  await seen(page.getByRole('heading', { level: 1, name: 'Settings' }))
})

journey('what is closed gives the focus back to what opened it', async ({ stage }) => {
  const page = await stage.open({ on: 'desktop', as: 'owner@acme.test', at: '/settings' })
  await page.getByRole('button', { name: 'Add server' }).press('Enter')
  await seen(page.getByRole('dialog'))
  await page.keyboard.press('Escape')
  await waitForFocus(page, 'Add server')

  await page.getByRole('button', { name: /^Account and team/ }).press('Enter')
  await seen(page.getByRole('menuitem', { name: 'Sign out' }))
  await page.keyboard.press('Escape')
  await waitForFocus(page, 'Account and team: Acme')
})

journey('a dialog keeps the focus inside', async ({ stage }) => {
  const page = await stage.open({ on: 'desktop', as: 'owner@acme.test', at: '/settings' })
  await page.getByRole('button', { name: 'Add server' }).press('Enter')
  await seen(page.getByRole('dialog'))
  for (let stop = 0; stop < 12; stop++) {
    await page.keyboard.press('Tab')
    const inside = await page.evaluate(() =>
      document.activeElement?.closest('[role=dialog]') !== null
    )
    expect(inside, `stop ${stop + 1}`).toBe(true)
  }
})

function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement
    return (at?.getAttribute('aria-label') ?? at?.textContent ?? '').trim()
  })
}

async function waitForFocus(page: Page, name: string): Promise<void> {
  await page.waitForFunction((wanted) => {
    const at = document.activeElement
    return (at?.getAttribute('aria-label') ?? at?.textContent ?? '').trim() === wanted
  }, name)
}

/** Goes on with one key until something of that name has the focus. */
async function reach(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab'): Promise<void> {
  const passed: string[] = []
  for (let stop = 0; stop < 30; stop++) {
    await page.keyboard.press(key)
    const now = await focusedName(page)
    if (name.test(now)) return
    passed.push(now)
  }
  throw new Error(`${String(name)} was not reached, only: ${passed.join(' → ')}`)
}

/** At each stop something has the focus, it is on the screen, and it looks different from when it has not. */
async function visibleStops(page: Page, many: number): Promise<void> {
  for (let stop = 0; stop < many; stop++) {
    await settled(page)
    const name = `stop ${stop + 1}, ${await focusedName(page)}`
    const box = await page.evaluate(() => {
      const at = document.activeElement
      if (!at || at === document.body) return null
      const { x, y, width, height } = at.getBoundingClientRect()
      return { x, y, width, height }
    })
    expect(box, `${name}: the focus is lost`).not.toBeNull()
    const { x, y, width, height } = box!
    const [left, top] = [Math.max(0, x - 8), Math.max(0, y - 8)]
    const clip = { x: left, y: top, width: width + 16, height: Math.min(height + 16, 880 - top) }
    expect(y + height, `${name}: it is above the screen`).toBeGreaterThan(0)
    expect(y, `${name}: it is below the screen`).toBeLessThan(900)
    const focused = await page.screenshot({ clip, animations: 'disabled' })
    const element = await page.evaluateHandle(() => {
      const at = document.activeElement as HTMLElement
      at.blur()
      return at
    })
    await settled(page)
    const without = await page.screenshot({ clip, animations: 'disabled' })
    expect(focused.equals(without), `${name}: the focus cannot be seen`).toBe(false)
    await element.evaluate((at) => at.focus())
    await page.keyboard.press('Tab')
  }
}
