// A chat of 1,000 messages: it opens at its end, older ones come as one goes up, and who reads keeps their place.
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { describe, expect, inject } from 'vitest'
import { foundTeam, type OwnTeam } from './api.ts'
import { message, seen } from './conversation.ts'
import { journey } from './journey.ts'

const many = 1_000

async function insert(table: string, values: unknown[]): Promise<void> {
  const answer = await fetch(`${inject('url')}/rest/v1/${table}`, {
    method: 'POST',
    headers: { apikey: inject('secretKey'), 'content-type': 'application/json' },
    body: JSON.stringify(values),
  })
  expect(answer.status, await answer.text()).toBe(201)
}

/** Each answer is at the same moment as its question, as some databases store it. */
async function longChat({ team_id, owner }: OwnTeam): Promise<string> {
  const [id, user_id] = [randomUUID(), owner.user.id]
  await insert('astra_chats', [{ id, team_id, user_id, title: 'A long one' }])
  const began = Date.now() - many * 60_000
  const messages = Array.from({ length: many }, (_, n) => ({
    id: randomUUID(),
    team_id,
    chat_id: id,
    role: n % 2 === 0 ? 'user' : 'assistant',
    user_id: n % 2 === 0 ? user_id : null,
    status: 'done',
    parts: [{ type: 'text', text: `This is message ${n}. ${'It says more. '.repeat(n % 9)}` }],
    created_at: new Date(began + (n - n % 2) * 60_000).toISOString(),
  }))
  for (let from = 0; from < many; from += 250) {
    await insert('astra_messages', messages.slice(from, from + 250))
  }
  return id
}

/** The numbers of all messages in the page, in the order a screen reader meets them. */
function inPage(page: Page): Promise<number[]> {
  return page.getByRole('main').evaluate((main) =>
    [...main.querySelectorAll('.group\\/message')].map((message) =>
      Number(/This is message (\d+)\./.exec(message.textContent ?? '')?.[1])
    )
  )
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'all of a long chat is reached, in order, and its reader keeps their place',
    { timeout: 180_000 },
    async ({ stage }) => {
      const team = await foundTeam({ server: false })
      const chat_id = await longChat(team)
      const page = await stage.open({ on, as: team.owner, at: `/chat/${chat_id}` })
      await seen(page.getByText(`This is message ${many - 1}.`).first())
      expect((await inPage(page)).length).toBeLessThan(100)
      const jumps = await page.evaluate(climb, 'This is message 0.')
      // Of some fifty pages that arrive above: a busy machine may draw one a frame late.
      expect(jumps.length, jumps.join(', ')).toBeLessThanOrEqual(1)
      const all = await inPage(page)
      expect(all).toEqual(Array.from({ length: many }, (_, n) => n))
      await page.getByRole('button', { name: 'To the newest message' }).click()
      await seen(page.getByText(`This is message ${many - 1}.`).first())
      await message(page).fill('and it can be written in')
    },
  )
})

/** In the page: goes up by steps; gives where a message stood elsewhere than its reader had put it. */
async function climb(first: string): Promise<string[]> {
  const list = [...document.querySelectorAll<HTMLElement>('main div')].find((box) =>
    /auto|scroll/.test(getComputedStyle(box).overflowY) && box.scrollHeight > box.clientHeight + 300
  )!
  const frame = () => new Promise(requestAnimationFrame)
  const middle = () => {
    const { left, top, width, height } = list.getBoundingClientRect()
    const at = document.elementsFromPoint(left + width / 2, top + height / 2)
    return at.map((one) => one.closest('.group\\/message')).find((one) => one !== null) ?? null
  }
  const jumps: string[] = []
  const deadline = performance.now() + 120_000
  const reached = () => list.querySelector('.group\\/message')?.textContent?.includes(first)
  while (!reached() || list.scrollTop > 0) {
    if (performance.now() > deadline) throw new Error('the first message was not reached')
    list.scrollTop = Math.max(0, list.scrollTop - 1_200)
    await frame()
    const held = middle()
    const before = held?.getBoundingClientRect().top ?? 0
    // Older ones arrive while the reader stands still.
    for (let still = 0; still < 2; still++) await frame()
    const moved = held?.isConnected ? held.getBoundingClientRect().top - before : 0
    if (Math.abs(moved) > 4) jumps.push(`${Math.round(moved)} px at ${Math.round(list.scrollTop)}`)
  }
  return jumps
}
