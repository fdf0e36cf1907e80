// Without a network the app still opens and keeps what one writes; it can be installed; a new version asks first.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { describe, expect, inject } from 'vitest'
import { devices, launchArguments } from './browser.ts'
import { gone, message, say, seen } from './conversation.ts'
import { journey } from './journey.ts'
import { releases } from './proxy.ts'

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'offline the app opens, says so, keeps the draft, and goes on when back',
    async ({ stage }) => {
      stage.expectProblem(/ERR_INTERNET_DISCONNECTED/)
      const page = await stage.open({ on, as: 'member@acme.test' })
      await say(page, 'echo before the tunnel')
      await seen(page.getByText('Echo: before the tunnel').first())
      await controlled(page)

      await page.context().setOffline(true)
      await seen(page.getByText('You are offline.'))
      await seen(page.getByText('Echo: before the tunnel').first())
      await message(page).fill('echo after the tunnel')
      await seen(page.getByText('Offline. This will be sent when you’re back online.'))

      await page.reload()
      await seen(page.getByText('You are offline.'))
      expect(await message(page).inputValue()).toBe('echo after the tunnel')

      await page.context().setOffline(false)
      await gone(page.getByText('You are offline.'))
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await seen(page.getByText('Echo: after the tunnel').first())
    },
  )
})

journey('a newer version waits until the person takes it', async ({ stage }) => {
  const release = await releases()
  try {
    const page = await stage.open({ on: 'phone', at: new URL('/sign-up', release.url).href })
    await page.evaluate(async () => void await navigator.serviceWorker.ready)
    await page.reload()
    const name = page.getByRole('textbox', { name: 'Your name' })
    await name.fill('half written')
    release.publish()
    await page.evaluate(async () => void await (await navigator.serviceWorker.ready).update())
    const notice = page.getByText('A new version of Astra is ready.').first()
    await seen(notice)
    expect(await name.inputValue()).toBe('half written')
    const old = await page.evaluate(() => performance.timeOrigin)
    await page.getByRole('button', { name: 'Reload' }).click()
    await page.waitForFunction((before) => performance.timeOrigin > before, old)
    await seen(name)
    await gone(notice)
  } finally {
    release.close()
  }
})

journey('a browser finds nothing missing to install it', async () => {
  const profile = await mkdtemp(join(tmpdir(), 'astra-profile-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: inject('chromium'),
    args: launchArguments,
    ...devices.phone,
  })
  try {
    const page = await context.newPage()
    await page.goto(inject('url'))
    await seen(page.getByRole('heading', { name: 'Sign in to Astra' }))
    const devtools = await context.newCDPSession(page)
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    expect(installabilityErrors).toEqual([])
    const { data } = await devtools.send('Page.getAppManifest')
    const manifest = JSON.parse(data ?? '{}') as { display?: string; icons?: unknown[] }
    expect(manifest.display).toBe('standalone')
    expect(manifest.icons?.length).toBeGreaterThan(1)
  } finally {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  }
})

/** The service worker answers for this page from now on. */
async function controlled(page: Page): Promise<void> {
  await page.evaluate(async () => void await navigator.serviceWorker.ready)
  await page.reload()
  await seen(message(page))
  expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
}
