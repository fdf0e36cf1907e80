// How a server is doing: one word, when that was known, and its addresses where there are several.
import { describe, expect, inject } from 'vitest'
import { ask, call, foundTeam, join, type OwnTeam } from './api.ts'
import { seen } from './conversation.ts'
import { journey } from './journey.ts'

const echo = { tool_name: 'echo', parameters: { message: 'there?' } }

/** Its tools stay; nobody answers at its new address, however often it is called. */
async function loseServer({ owner, team_id, server_id }: OwnTeam): Promise<void> {
  const config = { url: `${inject('nobody')}/mcp` }
  await call(owner, 'update_server', { team_id, server_id, config })
  for (let calls = 0; calls < 6; calls++) {
    const body = { action: 'call_tool', team_id, server_id, ...echo }
    const { status } = await ask('/functions/v1/mcp-client', { session: owner, body })
    // It is left alone now.
    if (status === 503) return
    expect(status).toBe(200)
  }
  throw new Error('A server that never answers is still called')
}

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('a server that answers is online, for everyone to see', async ({ stage }) => {
    const team = await foundTeam()
    const { team_id, server_id } = team
    await call(team.owner, 'call_tool', { team_id, server_id, ...echo })
    const member = await join(team, 'Mia', 'member')
    const page = await stage.open({ on, as: member, at: '/settings' })
    await seen(page.getByText('Online', { exact: true }))
    await page.getByRole('link', { name: 'Everything', exact: true }).click()
    await seen(page.getByRole('heading', { level: 1, name: 'Everything' }))
    await seen(page.getByText('Online', { exact: true }))
    await seen(page.getByText(/^(answered|checked) .*(ago|now)$/))
  })

  journey(
    'one that cannot be reached is offline, says why, and is left alone',
    async ({ stage }) => {
      const team = await foundTeam()
      await loseServer(team)
      const page = await stage.open({ on, as: team.owner, at: '/settings' })
      await seen(page.getByText('Offline', { exact: true }))
      await seen(page.getByText(/^Nothing answers/))
      await page.getByRole('link', { name: 'Everything', exact: true }).click()
      await seen(page.getByText('Offline', { exact: true }))
      await seen(page.getByText(/^left alone for .* more$|^tried again with the next call$/))
      for (const word of ['Online', 'Connected', 'Not working']) {
        expect(await page.getByText(word, { exact: true }).count(), word).toBe(0)
      }
    },
  )
})
