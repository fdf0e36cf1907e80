// The main journey: a member asks, a real server answers, the team's analyst finds it, a stranger does not.
import { describe, expect } from 'vitest'
import { acme, ask, signIn } from './api.ts'
import { card, idInAddress, say, seen } from './conversation.ts'
import { journey } from './journey.ts'

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey(
    'a member’s words go to a real server, and only their team finds the record',
    async ({ stage }) => {
      const words = `hello from my ${on}`
      const page = await stage.open({ on, as: 'member@acme.test' })
      await say(page, `echo ${words}`)

      await seen(page.getByText(`Echo: ${words}`).first())
      await card(page, 'Echo').click()
      const details = page.getByRole('region', { name: 'Arguments' })
      await seen(details.getByText(words, { exact: true }))
      await page.getByRole('link', { name: 'Record of this call' }).click()
      await seen(page.getByRole('heading', { level: 1, name: /Echo/ }))
      const execution_id = idInAddress(page)

      const analyst = await stage.open({ on, as: 'analyst@acme.test', at: '/activity' })
      await analyst.locator(`a[href="/activity/${execution_id}"]`).click()
      await seen(analyst.getByText(`Echo: ${words}`).first())
      await seen(analyst.getByText('member@acme.test'))

      const stranger = await stage.open({ on, as: 'owner@globex.test', at: '/activity' })
      await seen(stranger.getByText('Nothing has run yet'))
      await stranger.goto(new URL(`/activity/${execution_id}`, stranger.url()).href)
      await seen(stranger.getByText('This execution is not here'))
      expect(await stranger.getByText(words).count()).toBe(0)
    },
  )
})

describe('by any id', () => {
  journey('another team’s owner gets nothing from either door', async ({ stage }) => {
    const page = await stage.open({ on: 'phone', as: 'member@acme.test' })
    await say(page, 'echo for us alone')
    await seen(page.getByText('Echo: for us alone').first())
    const chat_id = idInAddress(page)
    await card(page, 'Echo').click()
    await page.getByRole('link', { name: 'Record of this call' }).click()
    await page.waitForURL(/\/activity\//)
    const execution_id = idInAddress(page)

    const session = await signIn('owner@globex.test')
    for (
      const query of [
        `mcp_tool_executions?id=eq.${execution_id}&select=id`,
        `mcp_tool_executions?team_id=eq.${acme}&select=id`,
        `astra_chats?id=eq.${chat_id}`,
        `astra_messages?chat_id=eq.${chat_id}`,
        `mcp_servers?team_id=eq.${acme}`,
        `mcp_tools?team_id=eq.${acme}`,
      ]
    ) {
      const read = await ask(`/rest/v1/${query}`, { method: 'GET', session })
      expect(read, query).toEqual({ status: 200, body: [] })
    }
    const own = await ask('/functions/v1/mcp-client', {
      session,
      body: { action: 'get_execution', execution_id },
    })
    expect(own.status).toBe(404)
    const foreign = await ask('/functions/v1/mcp-client', {
      session,
      body: { action: 'get_execution', execution_id, team_id: acme },
    })
    expect(foreign.status).toBeGreaterThanOrEqual(403)
    expect(JSON.stringify([own.body, foreign.body])).not.toContain('for us alone')
  })
})
