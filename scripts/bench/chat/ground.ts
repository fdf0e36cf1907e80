// What the chat's figures stand on: Astra as a user runs it, web app included, on PostgreSQL; a tool that takes
// 100 ms; a model provider that notes when it speaks; and a Chromium.
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startPostgres } from '../../../supabase/tests/postgres.ts'
import {
  type Person,
  type RunningStack,
  startStack,
} from '../../../supabase/tests/running-stack.ts'
import { expect, stopStack } from '../astra.ts'
import { startTold } from '../child.ts'
import { type Provider, startProvider } from './provider.ts'

// Its module for import names what only Node finds.
const { chromium } = createRequire(import.meta.url)(
  'playwright-core',
) as typeof import('playwright-core')

const tool_ms = 100

export type Ground = {
  stack: RunningStack
  owner: Person
  team_id: string
  server_id: string
  provider: Provider
  browser: Browser
  chromiumPath: string
  /** A page of someone signed in, on a phone or a desktop, as slow as asked for. */
  open(path: string, on: { phone: boolean; slower: number }): Promise<Page>
}

type Options = { model: 'router' | 'provider'; say: (line: string) => void }

/** Starts it all; what is in `parts` ends it. */
export async function prepare(parts: AsyncDisposableStack, options: Options): Promise<Ground> {
  const { model, say } = options
  say(`starting PostgreSQL, Astra (${model}) and the upstream`)
  const base = await startPostgres()
  parts.defer(() => base.stop())
  const provider = startProvider()
  parts.defer(() => provider.stop())
  const upstream = await startTold<{ slow: string }>({
    command: Deno.execPath(),
    args: [
      'run',
      '-A',
      '--no-check',
      new URL('../upstream.ts', import.meta.url).pathname,
      `${tool_ms}`,
    ],
  })
  parts.defer(() => upstream.stop())
  const stack = await startStack({
    env: {
      ASTRA_DATABASE_URL: base.url,
      ASTRA_DEMO: 'off',
      ASTRA_WEB: 'on',
      ASTRA_ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
      ASTRA_MODEL_PROVIDER: model === 'router' ? 'router' : 'openai_compatible',
      ...(model === 'provider' && {
        ASTRA_MODEL_BASE_URL: `${provider.url}/v1`,
        ASTRA_MODEL_NAME: 'fake',
      }),
    },
  })
  parts.defer(() => stopStack(stack))
  const owner = await stack.signUp('owner@bench.test', { full_name: 'Olga' })
  const team = await owner.rest('rpc/create_team', { method: 'POST', body: '{"p_name":"Bench"}' })
  expect(team.status === 200, team.body)
  const unlimited = JSON.stringify({ rate_per_person: null, rate_per_team: null })
  await owner.rest(`teams?id=eq.${team.body}`, { method: 'PATCH', body: unlimited })
  const server_id = await addServer(owner, `${upstream.said.slow}/modern`)
  const chromiumPath = findChromium()
  const browser = await chromium.launch({ executablePath: chromiumPath, args: launchArguments })
  parts.defer(() => browser.close())
  const made = { stack, owner, team_id: team.body as string, server_id, provider, browser }
  return { ...made, chromiumPath, open: opener({ stack, owner, browser }) }
}

export const launchArguments = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run']

async function addServer(owner: Person, url: string): Promise<string> {
  const config = { url }
  const added = await owner.call('add_server', { name: 'Bench', server_type: 'http', config })
  expect(added.status === 200, added.body)
  const server_id: string = added.body.server.id
  const synced = await owner.call('sync_tools', { server_id })
  expect(synced.status === 200, synced.body)
  const path = `mcp_tools?server_id=eq.${server_id}`
  await owner.rest(path, { method: 'PATCH', body: '{"policy":"allow"}' })
  return server_id
}

export function findChromium(): string {
  const given = Deno.env.get('CHROMIUM_PATH')
  const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const found = given ? [given] : usual.filter((path) => exists(path))
  if (!found[0]) throw new Error('No Chromium: set CHROMIUM_PATH to one')
  return found[0]
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile
  } catch {
    return false
  }
}

/** What the app keeps of someone who is signed in. */
export function sessionOf({ token, user_id, email }: Person): string {
  const seconds = Math.floor(Date.now() / 1_000)
  return JSON.stringify({
    access_token: token,
    refresh_token: 'none',
    token_type: 'bearer',
    expires_in: 3_600,
    expires_at: seconds + 3_600,
    user: { id: user_id, email, user_metadata: { full_name: 'Olga' }, app_metadata: {} },
  })
}

type Opening = Pick<Ground, 'stack' | 'owner' | 'browser'>

function opener({ stack, owner, browser }: Opening): Ground['open'] {
  return async (path, { phone, slower }) => {
    const context: BrowserContext = await browser.newContext({
      ...(phone
        ? { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
        : { viewport: { width: 1440, height: 900 } }),
      storageState: {
        cookies: [],
        origins: [{
          origin: stack.url,
          localStorage: [{ name: 'astra.session', value: sessionOf(owner) }],
        }],
      },
    })
    const page = await context.newPage()
    if (slower > 1) {
      const devtools = await context.newCDPSession(page)
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower })
    }
    await page.goto(stack.url + path)
    return page
  }
}
