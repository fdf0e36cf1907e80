// The rules of tools: several at once by an admin, each in detail, what a member sees of them, and a standing yes taken back.
import { describe, expect } from 'vitest'
import {
  alwaysApprove,
  ask,
  call,
  foundTeam,
  join,
  type OwnTeam,
  rule,
  type Session,
} from './api.ts'
import { gone, seen } from './conversation.ts'
import { journey } from './journey.ts'

type Tool = {
  tool_name: string
  policy: string
  annotations: { readOnlyHint?: boolean } | null
  cache_seconds: number | null
  is_idempotent: boolean
  rate_limit: number | null
  sends_out: boolean
}

async function tools({ owner, team_id, server_id }: OwnTeam): Promise<Tool[]> {
  return (await call<{ tools: Tool[] }>(owner, 'list_tools', { team_id, server_id })).tools
}

const at = (team: OwnTeam) => `/settings/servers/${team.server_id}`

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'an admin has several tools ask an admin at once, chosen by what they claim',
    async ({ stage }) => {
      const team = await foundTeam()
      const page = await stage.open({ on, as: team.owner, at: at(team) })
      await page.getByRole('button', { name: /^Choose the \d+ that claim to only read$/ }).click()
      const reading = (await tools(team)).filter((tool) => tool.annotations?.readOnlyHint)
      await seen(page.getByText(`${reading.length} chosen`, { exact: true }))
      await page.getByRole('checkbox', { name: 'Choose Get Sum', exact: true }).uncheck()
      await page.getByRole('button', { name: 'Set rule' }).click()
      await page.getByRole('menuitem', { name: /^Ask an admin/ }).click()
      await seen(page.getByText(`${reading.length - 1} tools now ask an admin first.`).first())

      const ruled = (await tools(team)).filter(({ policy }) => policy === 'ask_admin')
      expect(ruled.map(({ tool_name }) => tool_name).sort())
        .toEqual(
          reading.map(({ tool_name }) => tool_name).filter((name) => name !== 'get-sum').sort(),
        )

      const member = await join(team, 'Mia', 'member')
      const { team_id, server_id } = team
      const { status, approval } = await call<{ status: string; approval: { needs: string } }>(
        member,
        'call_tool',
        { team_id, server_id, tool_name: 'echo', parameters: { message: 'x' } },
      )
      expect([status, approval.needs]).toEqual(['awaiting_approval', 'admin'])

      await page.getByRole('button', { name: 'Rules of Echo' }).click()
      const sheet = page.getByRole('dialog', { name: 'Rules of Echo' })
      await seen(sheet.getByRole('radio', { name: /^Ask an admin/, checked: true }))
      await seen(sheet.getByText('From “Allow” to “Ask an admin”'))
      await seen(sheet.getByText('Olga').first())
    },
  )

  journey('a member reads the rules of a tool and changes none', async ({ stage }) => {
    const team = await foundTeam()
    await rule(team, ['echo'], { policy: 'ask', allows_always: true })
    const member = await join(team, 'Mia', 'member')
    const page = await stage.open({ on, as: member, at: at(team) })
    await page.getByRole('button', { name: 'Rules of Echo' }).click()
    const sheet = page.getByRole('dialog', { name: 'Rules of Echo' })
    await seen(sheet.getByText('Asks you first'))
    await seen(sheet.getByText('You may answer with “always for me”.'))
    expect(await sheet.getByRole('radio').or(sheet.getByRole('switch')).count()).toBe(0)
    expect(await sheet.getByText('Changes of its rule').count()).toBe(0)
    expect(await page.getByRole('checkbox').count()).toBe(0)

    const input = { team_id: team.team_id, server_id: team.server_id, tool_names: ['echo'] }
    const { status } = await ask('/functions/v1/mcp-client', {
      session: member,
      body: { action: 'set_tool_policy', ...input, policy: 'allow' },
    })
    expect(status).toBe(403)
    expect((await tools(team)).find(({ tool_name }) => tool_name === 'echo')?.policy).toBe('ask')
  })

  journey(
    'what an admin says of a tool in detail is kept and stands under it',
    async ({ stage }) => {
      const team = await foundTeam()
      const page = await stage.open({ on, as: team.owner, at: at(team) })
      await page.getByRole('button', { name: 'Rules of Echo' }).click()
      const sheet = page.getByRole('dialog', { name: 'Rules of Echo' })
      await sheet.getByRole('combobox', { name: 'Same question, same answer' }).selectOption('300')
      await sheet.getByRole('switch', { name: 'May be tried again' }).click()
      await sheet.getByRole('switch', { name: 'It can send data out' }).click()
      await seen(sheet.getByRole('listitem').getByText('It can send data out'))
      const limit = sheet.getByRole('textbox', { name: 'Calls by the whole team' })
      await limit.fill('none')
      await seen(sheet.getByText('Write a whole number from 1 on'))
      await limit.fill('7')
      await limit.press('Enter')
      await sheet.getByRole('radio', { name: /^Ask The person/ }).click()
      await seen(sheet.getByRole('radio', { name: /^Ask The person/, checked: true }))
      await sheet.getByRole('switch', { name: 'People may choose “always for me”' }).click()
      await seen(sheet.getByText('“Always for me” may be chosen'))
      await sheet.getByRole('button', { name: 'Close' }).click()
      await seen(page.getByText(
        'People may always allow it, may be tried again, same answer for 5 min, at most 7 calls in every minute',
      ))
      await page.reload()
      await seen(page.getByText(/same answer for 5 min, at most 7 calls in every minute$/))
      expect((await tools(team)).find(({ tool_name }) => tool_name === 'echo'))
        .toMatchObject({
          policy: 'ask',
          cache_seconds: 300,
          is_idempotent: true,
          rate_limit: 7,
          sends_out: true,
        })
    },
  )

  journey('“always for me” stands among one’s own things, and is taken back', async ({ stage }) => {
    const team = await foundTeam()
    await rule(team, ['echo'], { policy: 'ask', allows_always: true })
    const member = await join(team, 'Mia', 'member')
    await alwaysApprove(member, team)
    expect(await standing(member)).toHaveLength(1)
    const page = await stage.open({ on, as: member, at: '/settings?tab=accounts' })
    const mine = page.getByRole('list', { name: 'Always for me' })
    await seen(mine.getByRole('heading', { name: 'Echo in Everything' }))
    await page.getByRole('button', { name: /^Take back/ }).click()
    await seen(page.getByText(/^Nothing: you are asked each time/))
    await gone(mine)
    expect(await standing(member)).toEqual([])
  })
})

async function standing(person: Session): Promise<unknown[]> {
  const path = '/rest/v1/mcp_standing_approvals?select=tool_id'
  return (await ask(path, { method: 'GET', session: person })).body as unknown[]
}
