// A call too many: it is said whose limit it met, and when to come back.
import { expect } from 'vitest'
import { call, foundTeam, patch } from './api.ts'
import { card, say, seen } from './conversation.ts'
import { journey } from './journey.ts'

journey(
  'who meets a limit is told so, in the chat and where they run it again',
  async ({ stage }) => {
    stage.expectProblem(/429/)
    const team = await foundTeam()
    const { team_id, server_id, owner } = team
    await patch(owner, `mcp_tools?server_id=eq.${server_id}&tool_name=eq.echo`, { rate_limit: 1 })
    const asks = { team_id, server_id, tool_name: 'echo', parameters: { message: 'once' } }
    const ran = await call<{ execution_id: string }>(owner, 'call_tool', asks)

    const page = await stage.open({ on: 'phone', as: owner, at: `/activity/${ran.execution_id}` })
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click()
    const refusal = page.getByRole('dialog').getByRole('alert')
    await seen(refusal)
    expect(await refusal.textContent())
      .toMatch(/This tool was called as often as your team allows for now\. Try again in \d+ /)

    const chat = await stage.open({ on: 'phone', as: owner })
    await say(chat, '/everything__echo {"message": "twice"}')
    await seen(chat.getByText('This tool was called as often as your team allows for now.'))
    await card(chat, 'Echo').click()
    await seen(chat.getByText(/Wait a minute and run it again/))
  },
)
