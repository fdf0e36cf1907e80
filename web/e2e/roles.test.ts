// What each role is shown: a member reads and sees their own, an analyst sees the team's use, an owner changes things.
import { readFile } from 'node:fs/promises'
import { describe, expect } from 'vitest'
import { call, foundTeam, join, type OwnTeam, type Session } from './api.ts'
import { seen } from './conversation.ts'
import { journey } from './journey.ts'

const questions = ['Each day', 'Most used tools', 'Usage by member', 'Errors', 'Member activity']

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('a member reads the settings and changes nothing', async ({ stage }) => {
    const page = await stage.open({ on, as: 'member@acme.test', at: '/settings' })
    await seen(page.getByText(/tended by your team’s admins/))
    expect(await page.getByRole('button', { name: /Add server|Sync|^Test/ }).count()).toBe(0)
    await page.getByRole('link', { name: 'Everything', exact: true }).click()
    await seen(page.getByRole('button', { name: /^Try Echo/ }))
    expect(await page.getByRole('switch').count()).toBe(0)
    expect(await page.getByRole('combobox').count()).toBe(0)
    await page.getByRole('link', { name: 'an admin of your team' }).click()
    await seen(page.getByText('owner@acme.test'))
    expect(await page.getByRole('button', { name: 'Invite' }).count()).toBe(0)
  })

  journey(
    'a member’s usage is their own; the analyst’s is the team’s, in five answers',
    async ({ stage }) => {
      const { team, member } = await used()
      const mine = await stage.open({ on, as: member, at: '/analytics' })
      await seen(mine.getByText(/Your own/))
      await seen(mine.getByText('Most used tools').first())
      await seen(mine.getByText('Echo').first())
      await seen(mine.getByText('Echo').first())
      expect(await mine.getByText('Usage by member').count()).toBe(0)
      expect(await mine.getByText('Colin').count()).toBe(0)

      const analyst = await join(team, 'Ana', 'analyst')
      const page = await stage.open({ on, as: analyst, at: '/analytics' })
      for (const question of questions) {
        await seen(page.getByRole('heading', { name: question }))
      }
      await seen(page.getByRole('figure', { name: /Executions per day/ }))
      await seen(page.getByRole('list', { name: 'Usage by member' }).getByText('Colin'))
      await page.getByRole('button', { name: 'Table of usage by member' }).click()
      await seen(page.getByRole('table', { name: 'Usage by member' }).getByText('Mia'))
      await seen(page.getByRole('table', { name: 'Errors' }).getByText(/Invalid resourceId/))
    },
  )

  journey(
    'the analyst takes the numbers away as a file, and the range stays in the address',
    async ({ stage }) => {
      const { team } = await used()
      const analyst = await join(team, 'Ana', 'analyst')
      const page = await stage.open({ on, as: analyst, at: '/analytics' })
      await page.getByRole('button', { name: /24 hours/ }).click()
      await page.waitForURL(/range=24h/)
      await page.reload()
      await seen(page.getByRole('button', { name: /24 hours/, pressed: true }))
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download most used tools as CSV' }).click(),
      ])
      expect(file.suggestedFilename()).toMatch(/^astra-tools-.*\.csv$/)
      const lines = (await readFile(await file.path(), 'utf8')).trim().split(/\r?\n/)
      expect(lines[0]).toMatch(/Tool,Server,Executions/)
      expect(lines.some((line) => line.includes('echo,Everything,3'))).toBe(true)
    },
  )
})

type Used = { team: OwnTeam; member: Session }

/** A team where two people ran tools, and one of them met an error. */
async function used(): Promise<Used> {
  const team = await foundTeam()
  const member = await join(team, 'Mia', 'member')
  const colleague = await join(team, 'Colin', 'member')
  const { team_id, server_id } = team
  const run = (session: Session, tool_name: string, parameters: object) =>
    call(session, 'call_tool', { team_id, server_id, tool_name, parameters })
  await run(member, 'echo', { message: 'one' })
  await run(member, 'echo', { message: 'two' })
  await run(colleague, 'echo', { message: 'three' })
  await run(colleague, 'get-resource-reference', { resourceType: 'Text', resourceId: -1 })
  return { team, member }
}
