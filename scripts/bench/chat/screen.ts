// What a person waits for in the browser: words to a result, and a long chat that opens and scrolls.
import type { Page } from 'playwright-core'
import { expect } from '../astra.ts'
import { type Figure, percentile } from './figure.ts'
import type { Ground } from './ground.ts'

const asks = 30

/** From the key Enter to the result of the tool on the screen, frame painted. */
export async function measureWords(ground: Ground): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const slower of [1, 4]) {
    const page = await ground.open('/chat', { phone: false, slower })
    const box = page.getByRole('textbox', { name: 'Message' })
    await box.waitFor()
    const took: number[] = []
    for (let ask = -2; ask < asks; ask++) {
      const word = `number${ask + 2}x`
      await box.fill(`echo ${word}`)
      const seen = page.evaluate(watchFor, { event: 'keydown', words: `Echo: ${word}` })
      await box.press('Enter')
      const ms = await seen
      if (ask >= 0) took.push(ms)
      await page.getByRole('button', { name: 'Send', exact: true }).waitFor()
    }
    await page.context().close()
    const speed = slower === 1 ? '' : `, processor ${slower} × slower`
    figures.push({
      what: `words to result, 100 ms tool, built-in router, p90 of ${asks}${speed}`,
      value: percentile(took, 0.9),
      unit: 'ms',
      ...(slower === 1 && { atMost: 2_000 }),
      beside: `median ${percentile(took, 0.5).toFixed(0)} ms`,
    })
  }
  return figures
}

/** In the page: milliseconds from the next event of that name until the words have been painted. */
function watchFor({ event, words }: { event: string; words: string }): Promise<number> {
  return new Promise((resolve) => {
    let from = NaN
    addEventListener(event, () => (from = performance.now()), { capture: true, once: true })
    const look = () => {
      const there = document.querySelector('main')?.textContent?.includes(words) ?? false
      if (there && !Number.isNaN(from)) {
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)))
      } else requestAnimationFrame(look)
    }
    look()
  })
}

const many = 1_000

/** A chat of 1,000 messages whose answers are what a real answer was, tool card included. */
async function seedLongChat(ground: Ground): Promise<string> {
  const { stack, owner, team_id } = ground
  const rows = await answered(ground)
  const chat_id = crypto.randomUUID()
  await insert(stack, 'astra_chats', [{
    id: chat_id,
    team_id,
    user_id: owner.user_id,
    title: 'A long one',
  }])
  const began = Date.now() - many * 60_000
  const messages = Array.from({ length: many }, (_, n) => {
    const at = { created_at: new Date(began + n * 60_000).toISOString() }
    const common = { id: crypto.randomUUID(), team_id, chat_id, status: 'done', ...at }
    if (n % 2 === 0) {
      const parts = [{ type: 'text', text: `Question ${n}: what was said that day?` }]
      return { ...common, role: 'user', user_id: owner.user_id, parts }
    }
    const text = `**Answer ${n}.** Three things were said:\n\n- one\n- two\n- three\n\n` +
      `${'And more was said after that, in a paragraph of some length. '.repeat(n % 5)}`
    const card = n % 3 === 0 ? rows : []
    return { ...common, role: 'assistant', user_id: null, parts: [...card, { type: 'text', text }] }
  })
  for (let from = 0; from < many; from += 200) {
    await insert(stack, 'astra_messages', messages.slice(from, from + 200))
  }
  return chat_id
}

type Stack = Ground['stack']

async function insert(stack: Stack, table: string, values: unknown[]): Promise<void> {
  const { status, body } = await stack.asService(table, {
    method: 'POST',
    body: JSON.stringify(values),
  })
  expect(status === 201, body)
}

/** The parts of an answer that ran a tool, as they are stored. */
async function answered({ stack, owner, team_id }: Ground): Promise<unknown[]> {
  const message = { id: crypto.randomUUID(), role: 'user' }
  const parts = [{ type: 'text', text: 'echo the pattern' }]
  const chat_id = crypto.randomUUID()
  const asked = { team_id, chat_id, message: { ...message, parts } }
  const bearer = { authorization: `Bearer ${owner.token}` }
  const { status, body } = await stack.post(JSON.stringify(asked), bearer, '/chat')
  expect(status === 200, body)
  for (let look = 0; look < 100; look++) {
    const read = await owner.rest(
      `astra_messages?select=parts,status&role=eq.assistant&chat_id=eq.${chat_id}`,
    )
    const [row] = read.body as { parts: { type: string }[]; status: string }[]
    if (row?.status === 'done') return row.parts.filter(({ type }) => type !== 'text')
  }
  throw new Error('the answer was not kept')
}

export async function measureLongChat(ground: Ground): Promise<Figure[]> {
  await seedLongChat(ground)
  const figures: Figure[] = []
  for (const slower of [1, 4]) {
    const speed = slower === 1 ? '' : `, processor ${slower} × slower`
    const page = await ground.open('/chat', { phone: true, slower })
    page.setDefaultTimeout(150_000)
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    await page.getByRole('button', { name: 'Chats', exact: true }).click()
    const link = page.getByRole('link', { name: 'A long one' })
    await link.waitFor()
    const opened = page.evaluate(watchFor, { event: 'click', words: `Answer ${many - 1}.` })
    await link.click()
    const opening = await opened
    figures.push({
      what: `1,000 messages: opened${speed}`,
      value: opening,
      unit: 'ms',
      atMost: 1_000,
    })
    const { slowest, frame } = await scrollUp(page)
    figures.push({
      what: `1,000 messages: to the first one, slowest page of older ones${speed}`,
      value: slowest,
      unit: 'ms',
      atMost: 1_000,
      beside: `longest frame ${frame.toFixed(0)} ms`,
    })
    const down = await page.evaluate(jumpDown)
    figures.push({
      what: `1,000 messages: all there, from the first to the newest${speed}`,
      value: down,
      unit: 'ms',
      atMost: 1_000,
    })
    await page.context().close()
  }
  return figures
}

/** To the very first message as a finger would, page by page. */
function scrollUp(page: Page): Promise<{ slowest: number; frame: number }> {
  return page.evaluate(async () => {
    const list = [...document.querySelectorAll<HTMLElement>('main div')]
      .find((box) =>
        /(auto|scroll)/.test(getComputedStyle(box).overflowY) &&
        box.scrollHeight > box.clientHeight + 200
      )!
    let slowest = 0
    let longest = 0
    let last = performance.now()
    const frame = async () => {
      await new Promise(requestAnimationFrame)
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }
    const first = () =>
      list.querySelector('h2')?.parentElement?.textContent?.includes('Question 0:') ?? false
    const deadline = performance.now() + 120_000
    let height = list.scrollHeight
    let since = performance.now()
    last = performance.now()
    while (!first() && performance.now() < deadline) {
      list.scrollTop = Math.max(0, list.scrollTop - 700)
      await frame()
      if (list.scrollHeight > height + 1_000) {
        slowest = Math.max(slowest, performance.now() - since)
        height = list.scrollHeight
        since = performance.now()
      } else if (list.scrollTop > 1_500) since = performance.now()
    }
    if (!first()) throw new Error('the first message was not reached')
    return { slowest, frame: longest }
  })
}

/** In the page. */
async function jumpDown(): Promise<number> {
  const list = [...document.querySelectorAll<HTMLElement>('main div')]
    .find((box) =>
      /(auto|scroll)/.test(getComputedStyle(box).overflowY) &&
      box.scrollHeight > box.clientHeight + 200
    )!
  list.scrollTop = 0
  await new Promise(requestAnimationFrame)
  const from = performance.now()
  list.scrollTop = list.scrollHeight
  await new Promise(requestAnimationFrame)
  await new Promise((resolve) => setTimeout(resolve))
  return performance.now() - from
}
