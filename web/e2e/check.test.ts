// Testing a server: every step with its outcome, the one that fails with what to do, and the way out right there.
import { describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import { call, demoServerUrl, foundTeam, join, type OwnTeam } from './api.ts'
import { gone, seen } from './conversation.ts'
import { journey } from './journey.ts'

const steps = [
  'Find the address',
  'Secure the line',
  'Connect',
  'Agree on a version',
  'Sign in',
  'Read its tools',
  'Try one tool',
]

const row = (page: Page, step: string) =>
  page.getByRole('dialog').getByRole('listitem').filter({ hasText: step })

async function addWith(page: Page, { address, name }: { address: string; name: string }) {
  const adding = page.getByRole('dialog')
  await adding.getByRole('textbox', { name: 'Address', exact: true }).fill(address)
  await adding.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await adding.getByRole('button', { name: 'Add and test' }).click()
}

async function wrongPath(): Promise<string> {
  const dead = new URL(await demoServerUrl())
  dead.pathname = '/nothing-here'
  return dead.href
}

async function withCredential(team: OwnTeam, days: number): Promise<string> {
  const expires_at = new Date(Date.now() + days * 24 * 60 * 60 * 1_000).toISOString()
  const { server } = await call<{ server: { id: string } }>(team.owner, 'add_server', {
    team_id: team.team_id,
    name: 'Ending',
    server_type: 'http',
    config: { url: await demoServerUrl() },
    credential: { credential_type: 'api_key', header: 'X-Key', value: 'k', expires_at },
  })
  return `/settings/servers/${server.id}`
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('a good server passes seven steps, each by name', async ({ stage }) => {
    const team = await foundTeam()
    const at = `/settings/servers/${team.server_id}`
    const page = await stage.open({ on, as: team.owner, at })
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    for (const step of steps) await seen(row(page, step).getByText('Passed'))
    expect(await page.getByRole('dialog').getByRole('listitem').count()).toBe(steps.length)
    await seen(page.getByText(/^All is well/))
  })

  journey('each step is shown when it ends, and the next is under way', async ({ stage }) => {
    const team = await foundTeam()
    const at = `/settings/servers/${team.server_id}`
    const page = await stage.open({ on, as: team.owner, at })
    await seen(page.getByRole('button', { name: /^Try Echo/ }))
    await tellOneStep(page)
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await seen(row(page, 'Find the address').getByText('Passed'))
    await seen(row(page, 'Find the address').getByText('Its name is known'))
    await seen(row(page, 'Secure the line').getByText('Checking'))
    await seen(row(page, 'Try one tool').getByText('Waiting'))
    await page.getByRole('button', { name: 'Close' }).last().click()
    await gone(page.getByRole('dialog'))
  })

  journey(
    'a wrong address is named by the step that fails, and mended right there',
    async ({ stage }) => {
      const team = await foundTeam({ server: false })
      const page = await stage.open({ on, as: team.owner, at: '/settings?add=1' })
      await addWith(page, { address: await wrongPath(), name: 'Nowhere' })
      await seen(page.getByRole('dialog', { name: 'Nowhere is added, but does not work yet' }))
      await seen(row(page, 'Find the address').getByText('Passed'))
      await seen(row(page, 'Connect').getByText('Failed'))
      await seen(row(page, 'Connect').getByText(/Check the path/))
      await seen(row(page, 'Read its tools').getByText('Not reached'))

      await page.getByRole('button', { name: 'Change the address' }).click()
      const editing = page.getByRole('dialog', { name: 'Edit Nowhere' })
      await editing.getByRole('textbox', { name: 'Address' }).fill(await demoServerUrl())
      await editing.getByRole('button', { name: 'Save' }).click()
      await seen(page.getByRole('dialog', { name: 'Nowhere is ready' }))
      await seen(page.getByText(/^\d+ tools found, \d+ new\.$/))
    },
  )

  journey(
    'a key that was pasted with its address is taken out of it, and needs a confirmation',
    async ({ stage }) => {
      const team = await foundTeam({ server: false })
      const page = await stage.open({ on, as: team.owner, at: '/settings?add=1' })
      const adding = page.getByRole('dialog')
      await addWith(page, { address: `${await demoServerUrl()}?api_key=s3cret`, name: 'Keyed' })

      await seen(adding.getByText('Confirm this first'))
      await seen(adding.getByText(/Addresses end up in logs/))
      const address = adding.getByRole('textbox', { name: 'Address', exact: true })
      expect(await address.inputValue()).toBe(await demoServerUrl())
      await adding.getByRole('button', { name: 'Add and test' }).click()
      expect((await servers(team)).length).toBe(0)

      await adding.getByRole('checkbox', { name: /^I know this/ }).check()
      await adding.getByRole('button', { name: 'Add and test' }).click()
      await seen(page.getByRole('dialog', { name: 'Keyed is ready' }))
      const [kept] = await servers(team)
      expect(kept).toMatchObject({ credential_type: 'query_key' })
      expect(JSON.stringify(kept)).not.toContain('s3cret')
    },
  )

  journey(
    'a credential that ends soon is announced to all, and renewed by an admin',
    async ({ stage }) => {
      const team = await foundTeam({ server: false })
      const at = await withCredential(team, 3)
      const member = await join(team, 'Mia', 'member')
      const theirs = await stage.open({ on, as: member, at: '/settings' })
      await seen(theirs.getByText(/expires in 3 days\. .*Ask an admin\.$/))
      expect(await theirs.getByRole('button', { name: 'Replace' }).count()).toBe(0)

      const page = await stage.open({ on, as: team.owner, at })
      await seen(page.getByText(/account expires in 3 days/))
      await seen(page.getByText(/^Expires in 3 days/))
      await page.getByRole('button', { name: 'Replace' }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Key').fill('another')
      await dialog.getByRole('button', { name: 'Save' }).click()
      await gone(page.getByText(/account expires in 3 days/))
      await gone(page.getByText(/^Expires in 3 days/))
    },
  )
})

type Kept = { credential_type: string | null }

async function servers(team: OwnTeam): Promise<Kept[]> {
  const { team_id, owner } = team
  return (await call<{ servers: Kept[] }>(owner, 'list_servers', { team_id })).servers
}

/** From now on a test tells its first step and then takes its time. */
async function tellOneStep(page: Page): Promise<void> {
  await page.evaluate(() => {
    const real = window.fetch
    window.fetch = (input, init) => {
      if (typeof init?.body !== 'string' || !init.body.includes('"test_server"')) {
        return real(input, init)
      }
      const step = {
        step: 'resolve',
        outcome: 'passed',
        message: 'Its name is known',
        advice: null,
        duration_ms: 5,
      }
      const told = new TextEncoder().encode(`${JSON.stringify({ event: 'step', step })}\n`)
      const body = new ReadableStream({ start: (controller) => controller.enqueue(told) })
      const headers = { 'content-type': 'application/x-ndjson' }
      return Promise.resolve(new Response(body, { headers }))
    }
  })
}
