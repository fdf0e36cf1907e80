// What one has read stays readable without a network, to oneself only, and says when it was read.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { foundTeam, join, type Session } from './api.ts'
import { card, message, say, seen } from './conversation.ts'
import { journey, type Opened } from './journey.ts'

async function readOnce(stage: Opened, on: 'phone' | 'desktop') {
  stage.expectProblem(/ERR_INTERNET_DISCONNECTED/)
  const team = await foundTeam()
  const person = await join(team, 'Mia', 'member')
  const page = await stage.open({ on, as: person })
  await say(page, '/everything__get-sum {"a":2,"b":3}')
  await seen(page.getByText('The sum of 2 and 3 is 5.').first())
  await page.evaluate(async () => void await navigator.serviceWorker.ready)
  await page.reload()
  await seen(page.getByText('The sum of 2 and 3 is 5.').first())
  return { page, team }
}

/** The copies this device has, by what they are of. */
function copiesOn(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const named = (await indexedDB.databases()).map(({ name }) => name!)
    const found = await Promise.all(
      named.filter((name) => name.startsWith('astra.person.')).map((name) =>
        new Promise<string[]>((resolve, reject) => {
          const opening = indexedDB.open(name)
          opening.onerror = () => reject(opening.error)
          opening.onsuccess = () => {
            const asked = opening.result.transaction('marks').objectStore('marks').getAllKeys()
            asked.onsuccess = () => {
              opening.result.close()
              resolve(asked.result.map(String))
            }
          }
        })
      ),
    )
    return found.flat()
  })
}

async function untilCopied(page: Page, what: RegExp): Promise<void> {
  for (let look = 0; look < 80; look++) {
    if ((await copiesOn(page)).some((key) => what.test(key))) return
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 250)))
  }
  throw new Error(`No copy of ${what}, only ${(await copiesOn(page)).join('\n')}`)
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'a past chat, its results, the tools and the activity are readable after a start offline',
    async ({ stage }) => {
      const { page } = await readOnce(stage, on)
      const chat = page.url()
      await page.getByRole('link', { name: 'New chat' }).click()
      await untilCopied(page, /"executions"/)
      await page.context().setOffline(true)
      await page.goto(chat)
      await seen(page.getByText('The sum of 2 and 3 is 5.').first())
      await seen(page.getByText(/Offline: what you saw at \d/).first())
      await card(page, 'Get Sum').click()
      await seen(page.getByRole('link', { name: 'Record of this call' }))
      await page.getByRole('button', { name: 'Tools' }).click()
      await seen(page.getByRole('option', { name: /Echo/ }).first())
      await page.keyboard.press('Escape')
      await page.getByRole('link', { name: 'Activity', exact: false }).first().click()
      await seen(page.getByRole('link', { name: /Get Sum/ }).first())
      await seen(page.getByText(/Offline: what you saw at \d/).first())
    },
  )
})

journey(
  'a chat that was never opened on this device is readable offline, if it is a recent one',
  async ({ stage }) => {
    stage.expectProblem(/ERR_INTERNET_DISCONNECTED/)
    const person = await join(await foundTeam(), 'Mia', 'member')
    const elsewhere = await stage.open({ on: 'desktop', as: person })
    await say(elsewhere, 'echo from my desk')
    await seen(elsewhere.getByText('Echo: from my desk').first())
    const phone = await stage.open({ on: 'phone', as: person })
    await seen(message(phone))
    await phone.evaluate(async () => void await navigator.serviceWorker.ready)
    await phone.reload()
    await untilCopied(phone, /"messages"/)
    await phone.context().setOffline(true)
    await phone.getByRole('button', { name: 'Chats', exact: true }).click()
    await phone.getByRole('link', { name: 'echo from my desk' }).click()
    await seen(phone.getByText('Echo: from my desk').first())
  },
)

journey('nothing of a secret, a key or a webhook is copied to the device', async ({ stage }) => {
  const { owner } = await foundTeam()
  const page = await stage.open({ on: 'desktop', as: owner, at: '/settings?tab=team' })
  await seen(page.getByRole('heading', { name: /webhook/i }).first())
  await page.goto(new URL('/chat', page.url()).href)
  await untilCopied(page, /"executions"/)
  const kinds = new Set((await copiesOn(page)).map((key) => {
    const [, , ...kind] = JSON.parse(key) as unknown[]
    return kind.filter((part) => typeof part === 'string' && !/^[0-9a-f-]{36}$/.test(part)).join(
      ' ',
    )
  }))
  const allowed = [
    'chats all',
    'chats one',
    'chat messages',
    'tools chat',
    'executions',
    'execution',
    'members choices',
    'servers choices',
  ]
  expect([...kinds].filter((kind) => !allowed.includes(kind))).toEqual([])
})

journey(
  'whoever signs in next on this device sees nothing of the one before',
  async ({ stage }) => {
    const { page, team } = await readOnce(stage, 'desktop')
    await untilCopied(page, /"messages"/)
    const next: Session = await join(team, 'Nina', 'member')
    // Not even where the one before never signed out, and without a network to ask.
    await page.evaluate(
      (session) => localStorage.setItem('astra.session', session),
      JSON.stringify(next),
    )
    await page.addInitScript(() => {
      addEventListener('DOMContentLoaded', () => {
        new MutationObserver(() => {
          if (/The sum of 2/.test(document.body.innerText)) {
            Object.assign(globalThis, { seenOfOther: document.body.innerText })
          }
        }).observe(document.body, { childList: true, subtree: true, characterData: true })
      })
    })
    await page.reload()
    await seen(page.getByText('This chat is not there'))
    expect(await page.evaluate(() => (globalThis as { seenOfOther?: string }).seenOfOther)).toBe(
      undefined,
    )
  },
)
