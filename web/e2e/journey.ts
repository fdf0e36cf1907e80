// A journey: opens pages on a device as a person, and fails when a page logs an error, throws, or is refused something.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, expect, inject, test } from 'vitest'
import { type Session, signIn } from './api.ts'
import { browser, closeBrowser, type Device, devices } from './browser.ts'

type Visit = {
  on: Device
  /** Already signed in: a demo person's address, or a session. Nobody by default. */
  as?: string | Session
  at?: string
  dark?: boolean
}

export type Opened = {
  open: (visit: Visit) => Promise<Page>
  /** Says what is meant to go wrong. */
  expectProblem: (what: RegExp) => void
}

export const journey = test.extend<{ stage: Opened }>({
  stage: async ({ task }, hand) => {
    const contexts: BrowserContext[] = []
    const problems: string[] = []
    const expected: RegExp[] = []
    await hand({
      open: async (visit) => {
        const context = await newContext(visit)
        contexts.push(context)
        const page = await context.newPage()
        watch(page, problems)
        await page.goto(new URL(visit.at ?? '/chat', inject('url')).href)
        return page
      },
      expectProblem: (what) => void expected.push(what),
    })
    if (task.result?.state === 'fail') await picture(contexts, task.id)
    await Promise.all(contexts.map((context) => context.close()))
    const surprises = problems.filter((problem) => !expected.some((known) => known.test(problem)))
    expect(surprises).toEqual([])
  },
})

afterAll(closeBrowser)

async function newContext({ on, as, dark }: Visit): Promise<BrowserContext> {
  const session = typeof as === 'string' ? await signIn(as) : as
  const context = await (await browser()).newContext({
    ...devices[on],
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    storageState: session && {
      cookies: [],
      origins: [{
        origin: inject('url'),
        localStorage: [{ name: 'astra.session', value: JSON.stringify(session) }],
      }],
    },
  })
  context.setDefaultTimeout(20_000)
  return context
}

function watch(page: Page, problems: string[]): void {
  page.on('pageerror', (error) => problems.push(`thrown: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') {
      problems.push(`logged: ${message.text()} ${message.location().url}`)
    }
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    // Leaving a page or closing a dialog gives up what it was still asking for.
    if (reason !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()} ${reason}`)
  })
}

/** What was on the screens when a journey failed. */
async function picture(contexts: BrowserContext[], id: string): Promise<void> {
  for (const [at, page] of contexts.flatMap((context) => context.pages()).entries()) {
    const path = join(tmpdir(), 'astra-journeys-failed', `${id}-${at}.png`)
    const words = await page.getByRole('main').innerText().catch(() => '(nothing)')
    console.error(`${page.url()}: ${path}\n${words.slice(0, 2_000)}`)
    await page.screenshot({ path }).catch(() => {})
  }
}
