// What needs a yes, and what came of it, as screens: nothing axe objects to, nothing cut off, nothing too small to hit.
import type { Page } from 'playwright-core'
import { call, foundTeam, join, type OwnTeam, type Session } from './api.ts'
import { say, seen } from './conversation.ts'
import { type Scene, walkStaged } from './screen-journeys.ts'

type InTeam = Scene & { team: OwnTeam; member: Session }
type Screen = [name: string, show: (scene: InTeam) => Promise<Page>]

const long = Array.from({ length: 40 }, (_, at) => `Line ${at + 1} of what would be sent.`)
  .join('\\n')

async function rule({ team }: InTeam, policy: 'ask' | 'ask_admin'): Promise<void> {
  const { team_id, server_id, owner } = team
  const tool_names = ['echo', 'get-annotated-message']
  const allows_always = policy === 'ask'
  await call(owner, 'set_tool_policy', { team_id, server_id, tool_names, policy, allows_always })
}

async function asked(scene: InTeam, message: string): Promise<Page> {
  await rule(scene, 'ask')
  const page = await scene.stage.open({ on: scene.on, as: scene.member })
  await say(page, `the string and its echo: {"message": "${message}"}`)
  await seen(page.getByRole('button', { name: 'Approve' }))
  return page
}

type Call = { tool_name?: string; parameters: object; mode?: 'async' }

function run({ team }: InTeam, as: Session, asks: Call): Promise<{ execution_id: string }> {
  const { team_id, server_id } = team
  return call(as, 'call_tool', { team_id, server_id, tool_name: 'echo', ...asks })
}

/** What the table of executions says of them from now on. */
async function told(page: Page, more: object): Promise<void> {
  await page.route('**/rest/v1/mcp_tool_executions*', async (route) => {
    const response = await route.fetch()
    const rows = await response.json() as object[]
    await route.fulfill({ response, json: rows.map((row) => ({ ...row, ...more })) })
  })
}

const url = (port: number) => `http://127.0.0.1:${port}/mcp`
const failed = {
  endpoint: url(9001),
  after_ms: 0,
  duration_ms: 2_040,
  error_code: 'upstream_unreachable',
  error_message: 'The server could not be reached.',
}
const attempts = [
  failed,
  { ...failed, endpoint: url(9002), after_ms: 2_300, error_code: null, error_message: null },
]

const screens: Screen[] = [
  ['a call that needs a yes', (scene) => asked(scene, 'Ship it on Friday, please.')],
  ['one with more to read than fits', (scene) => asked(scene, long)],
  ['its arguments being changed', async (scene) => {
    const page = await asked(scene, 'Ship it on Friday, please.')
    const question = page.getByRole('region', { name: /to run Echo in Everything/ })
    await question.getByRole('button', { name: 'Edit', exact: true }).click()
    await seen(page.getByRole('button', { name: 'Approve and run' }))
    return page
  }],
  ['a call that was not approved', async (scene) => {
    const page = await asked(scene, 'Not this one.')
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByRole('button', { name: /Not approved/ }).click()
    await seen(page.getByText('This call was not approved, so it did not run.'))
    return page
  }],
  ['a call that nobody answered in time', async (scene) => {
    const page = await asked(scene, 'Too late.')
    await page.route('**/mcp-client', async (route) => {
      const request = route.request().postData() ?? ''
      if (!request.includes('get_execution')) return await route.continue()
      const response = await route.fetch()
      const { execution } = await response.json() as { execution: object }
      const over = {
        status: 'timeout',
        asked: null,
        duration_ms: 0,
        error_code: 'timeout',
        error_message: 'Nobody answered in time, so the call did not go on.',
      }
      await route.fulfill({ response, json: { execution: { ...execution, ...over } } })
    })
    await seen(page.getByRole('button', { name: 'Run again' }))
    return page
  }],
  ['a call that waits for an admin', async (scene) => {
    await rule(scene, 'ask_admin')
    const page = await scene.stage.open({ on: scene.on, as: scene.member })
    await say(page, '/everything__echo {"message": "May I?"}')
    await seen(page.getByRole('button', { name: 'Cancel this call' }))
    return page
  }],
  ['what waits for an admin', async (scene) => {
    await rule(scene, 'ask_admin')
    await run(scene, scene.member, { parameters: { message: 'May I?' } })
    const parameters = { messageType: 'success', includeImage: true }
    await run(scene, scene.member, { tool_name: 'get-annotated-message', parameters })
    const { owner } = scene.team
    const page = await scene.stage.open({ on: scene.on, as: owner, at: '/activity' })
    await page.getByRole('button', { name: /^Echo/, expanded: false }).click()
    await seen(page.getByRole('button', { name: 'Approve' }))
    return page
  }],
  ['the record of a call that runs', async (scene) => {
    const { owner } = scene.team
    const { execution_id } = await run(scene, owner, {
      tool_name: 'trigger-long-running-operation',
      parameters: { duration: 120, steps: 60 },
      mode: 'async',
    })
    const at = `/activity/${execution_id}`
    const page = await scene.stage.open({ on: scene.on, as: owner, at })
    await seen(page.getByRole('progressbar'))
    return page
  }],
  ['the record of a call in several attempts, answered from what was kept', async (scene) => {
    const { member, stage, on } = scene
    await rule(scene, 'ask')
    const { execution_id } = await run(scene, member, { parameters: { message: 'kept' } })
    const page = await stage.open({ on, as: member, at: '/activity' })
    await told(page, { attempts, cached_at: new Date(Date.now() - 130_000).toISOString() })
    await page.goto(new URL(`/activity/${execution_id}`, page.url()).href)
    await seen(page.getByRole('heading', { name: '2 attempts' }))
    await seen(page.getByText('You approved it'))
    return page
  }],
]

walkStaged(screens.map(([name, show]) => [name, async (scene) => {
  const team = await foundTeam()
  return await show({ ...scene, team, member: await join(team, 'Mia', 'member') })
}]))
