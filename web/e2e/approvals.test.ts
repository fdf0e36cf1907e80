// Calls that need a yes: approved, rejected, changed first or for always, by their own person or by an admin, where
// they were asked, on another device or at the top of the activity.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { ask, call, foundTeam, join, type OwnTeam, type Session } from './api.ts'
import { card, gone, say, seen } from './conversation.ts'
import { journey, type Opened } from './journey.ts'

/** A team whose echo asks first, or asks an admin. */
async function asking(policy: 'ask' | 'ask_admin', allows_always = false): Promise<OwnTeam> {
  const team = await foundTeam()
  const { team_id, server_id } = team
  const tool_names = ['echo', 'trigger-long-running-operation']
  const rule = { team_id, server_id, tool_names, policy, allows_always }
  await call(team.owner, 'set_tool_policy', rule)
  return team
}

/** Words that are no order by the tool’s name: the router comes up with the call. */
const words = (text: string) => `the string and its echo: message="${text}"`
const approval = (page: Page) => page.getByRole('region', { name: /to run Echo in Everything/ })
const button = (page: Page, name: string) =>
  approval(page).getByRole('button', { name, exact: true })

async function asked(
  stage: Opened,
  { as, on, text }: { as: Session; on: 'phone' | 'desktop'; text: string },
): Promise<Page> {
  const page = await stage.open({ on, as })
  await say(page, words(text))
  await seen(approval(page))
  return page
}

type Row = { status: string; approval: string | null; input_parameters: { message: string } }

async function executions({ team_id, owner }: OwnTeam): Promise<Row[]> {
  const columns = 'status,approval,input_parameters'
  const path = `/rest/v1/mcp_tool_executions?team_id=eq.${team_id}&select=${columns}`
  return (await ask(path, { method: 'GET', session: owner })).body as Row[]
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('a call shows what it would send, and runs when it is approved', async ({ stage }) => {
    const team = await asking('ask')
    const page = await asked(stage, { on, as: team.owner, text: 'only with my yes' })
    await seen(approval(page).getByText('only with my yes', { exact: true }))
    await seen(approval(page).getByText(/Expires in/))
    expect((await executions(team))[0]).toMatchObject({ status: 'awaiting_approval' })
    await button(page, 'Approve').click()
    await gone(approval(page))
    await seen(page.getByText('Echo: only with my yes').first())
    await card(page, 'Echo').click()
    await page.getByRole('link', { name: 'Record of this call' }).click()
    await seen(page.getByText('You approved it', { exact: true }))
  })

  journey('a call that is rejected never runs, and says so quietly', async ({ stage }) => {
    const team = await asking('ask')
    const page = await asked(stage, { on, as: team.owner, text: 'never' })
    await button(page, 'Reject').click()
    await gone(approval(page))
    await seen(page.getByText(/Echo in Everything · Not approved/))
    await page.reload()
    await seen(page.getByText(/Echo in Everything · Not approved/))
    expect(await executions(team)).toMatchObject([{ status: 'denied', approval: null }])
  })

  journey('what is changed before the yes is what is sent', async ({ stage }) => {
    const team = await asking('ask')
    const page = await asked(stage, { on, as: team.owner, text: 'as proposed' })
    await button(page, 'Edit').click()
    const field = approval(page).getByRole('textbox', { name: 'Message' })
    await field.fill('')
    await button(page, 'Approve and run').click()
    await seen(approval(page).getByText(/needed|required|fill/i).first())
    await field.fill('as I want it')
    await button(page, 'Approve and run').click()
    await seen(page.getByText('Echo: as I want it').first())
    await card(page, 'Echo').click()
    await seen(page.getByRole('region', { name: 'Arguments' }).getByText('as I want it'))
    expect(await executions(team))
      .toMatchObject([{ status: 'success', input_parameters: { message: 'as I want it' } }])
  })

  journey('an admin approves a member’s call, and the member sees it go on', async ({ stage }) => {
    const team = await asking('ask_admin')
    const member = await join(team, 'Mia', 'member')
    const page = await stage.open({ on, as: member })
    await say(page, words('with an admin’s yes'))
    const waits = page.getByRole('region', { name: 'An admin has to approve Echo in Everything' })
    await seen(waits)
    expect(await waits.getByRole('button', { name: /Approve|Reject|Edit/ }).count()).toBe(0)
    await seen(waits.getByRole('button', { name: 'Cancel this call' }))

    const admin = await stage.open({ on, as: team.owner })
    await admin.getByRole('link', { name: /1 waiting for you in Activity/ }).click()
    const inbox = admin.getByRole('region', { name: 'Waiting for you' })
    const theirs = inbox.getByRole('region', {
      name: 'Astra wants to run Echo in Everything for Mia',
    })
    await seen(theirs.getByText('with an admin’s yes', { exact: true }))
    await theirs.getByRole('button', { name: 'Approve', exact: true }).click()
    await seen(inbox.getByText('Done'))
    await gone(waits)
    await seen(page.getByText('Echo: with an admin’s yes').first())
    await inbox.getByRole('link', { name: 'What came of it' }).click()
    await seen(admin.getByText('You approved it', { exact: true }))
    await gone(admin.getByText('waiting for you in'))
  })
})

journey('a yes for always asks no more; the admin may end that', async ({ stage }) => {
  const team = await asking('ask', true)
  const page = await asked(stage, { on: 'desktop', as: team.owner, text: 'first' })
  await approval(page).getByRole('checkbox', { name: /Always for me/ }).check()
  await button(page, 'Approve').click()
  await seen(page.getByText('Echo: first').first())
  await say(page, words('second'))
  // The first card is open already: the second one, once it is done.
  const second = page.getByRole('button', { name: /^Echo in Everything.*done$/ }).nth(1)
  await seen(second)
  await second.click()
  await seen(page.getByText('Echo: second').first())
  const yeses = (await executions(team)).map(({ approval }) => approval)
  expect(new Set(yeses)).toEqual(new Set(['admin', 'always']))

  const { team_id, server_id } = team
  const rule = { team_id, server_id, tool_names: ['echo'], policy: 'ask', allows_always: false }
  await call(team.owner, 'set_tool_policy', rule)
  await say(page, words('third'))
  await seen(button(page, 'Approve'))
  expect(await approval(page).getByRole('checkbox').count()).toBe(0)
})

journey('what is answered on one device goes on, on the other', async ({ stage }) => {
  const team = await asking('ask')
  const page = await asked(stage, { on: 'phone', as: team.owner, text: 'on two devices' })
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/)
  const at = new URL(page.url()).pathname
  const desk = await stage.open({ on: 'desktop', as: team.owner, at })
  await button(desk, 'Approve').click()
  await seen(desk.getByText('Echo: on two devices').first())
  await gone(approval(page))
  await seen(page.getByText('Echo: on two devices').first())
})

journey('an answer that comes second shows how the first one went on', async ({ stage }) => {
  stage.expectProblem(/409/)
  const team = await asking('ask')
  const page = await asked(stage, { on: 'phone', as: team.owner, text: 'decided once' })
  // This device hears nothing until it answers.
  const looks = (url: URL) => url.pathname.endsWith('/mcp-client')
  await page.route(
    looks,
    (route) =>
      route.request().postData()?.includes('get_execution')
        ? new Promise(() => {})
        : route.continue(),
  )
  const { team_id, owner } = team
  const path = `/rest/v1/mcp_approvals?team_id=eq.${team_id}&select=id`
  const [found] = (await ask(path, { method: 'GET', session: owner })).body as { id: string }[]
  const answer = { team_id, approval_id: found!.id, decision: 'reject' }
  await call(owner, 'answer_approval', answer)
  const refused = page.waitForResponse((response) => response.status() === 409)
  await button(page, 'Approve').click()
  await refused
  await page.unroute(looks)
  await gone(approval(page))
  await seen(page.getByText(/Echo in Everything · Not approved/))
})

journey('the keys A, E and R answer on the card, and nowhere else', async ({ stage }) => {
  const team = await asking('ask')
  const page = await asked(stage, { on: 'desktop', as: team.owner, text: 'by hand' })
  await page.getByRole('textbox', { name: 'Message', exact: true }).pressSequentially('are')
  expect(await approval(page).count()).toBe(1)
  await button(page, 'Approve').focus()
  await page.keyboard.press('e')
  const field = approval(page).getByRole('textbox', { name: 'Message' })
  await seen(field)
  await page.waitForFunction(() =>
    document.activeElement?.matches('section input, section textarea')
  )
  await page.keyboard.press('End')
  await page.keyboard.type(' area')
  expect(await field.inputValue()).toBe('by hand area')
  await button(page, 'Back').press('Enter')
  await seen(button(page, 'Approve'))
  await page.keyboard.press('a')
  await seen(page.getByText('Echo: by hand').first())
  // Whoever answered with keys has not lost their place.
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')
})

journey('a member calls off what waits for an admin', async ({ stage }) => {
  const team = await asking('ask_admin')
  const page = await stage.open({ on: 'phone', as: await join(team, 'Mia', 'member') })
  await say(page, '/everything__echo {"message": "not after all"}')
  await page.getByRole('button', { name: 'Cancel this call' }).click()
  await seen(page.getByText(/Echo in Everything · Stopped/))
})

journey('run again asks an admin where the tool needs one', async ({ stage }) => {
  const team = await foundTeam()
  const member = await join(team, 'Mia', 'member')
  const { team_id, server_id } = team
  const asks = { team_id, server_id, tool_name: 'echo', parameters: { message: 'again' } }
  const ran = await call<{ execution_id: string }>(member, 'call_tool', asks)
  const rule = { team_id, server_id, tool_names: ['echo'], policy: 'ask_admin' }
  await call(team.owner, 'set_tool_policy', rule)
  const at = `/activity/${ran.execution_id}`
  const page = await stage.open({ on: 'phone', as: member, at })
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Ask to run' }).click()
  await seen(page.getByRole('region', { name: 'An admin has to approve Echo in Everything' }))
  const approvals = await stage.open({ on: 'desktop', as: team.owner, at: '/activity' })
  const theirs = approvals.getByRole('region', { name: 'Mia wants to run Echo in Everything' })
  await theirs.getByRole('button', { name: 'Reject', exact: true }).click()
  await seen(page.getByText('Not approved').first())
  await seen(page.getByText('An admin did not approve this call, so it did not run.'))
})

journey(
  'a call that runs shows how far it is on its own page, and ends there',
  async ({ stage }) => {
    const team = await foundTeam()
    const { team_id, server_id } = team
    const { execution_id } = await call<{ execution_id: string }>(team.owner, 'call_tool', {
      team_id,
      server_id,
      tool_name: 'trigger-long-running-operation',
      parameters: { duration: 40, steps: 40 },
      mode: 'async',
    })
    const page = await stage.open({ on: 'phone', as: team.owner, at: `/activity/${execution_id}` })
    await seen(page.getByRole('progressbar'))
    await seen(page.getByRole('timer'))
    await seen(page.getByText(/in the background/))
    await page.getByRole('button', { name: 'Cancel this call' }).click()
    await seen(page.getByText('Cancelled').first())
    await gone(page.getByRole('progressbar'))
  },
)
