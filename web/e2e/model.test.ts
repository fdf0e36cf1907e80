// The team’s own model: a bad key says so, in the settings and in the chat; put right, the chat works.
import { expect } from 'vitest'
import { foundTeam } from './api.ts'
import { say, seen } from './conversation.ts'
import { journey } from './journey.ts'
import { useModel } from './model.ts'

journey('a scripted model answers and calls a tool', async ({ stage }) => {
  const team = await foundTeam()
  const model = await useModel(team, [
    { calls: [{ id: 'c1', name: 'everything__echo', input: { message: 'hi' } }] },
    { say: ['It said ', 'hi.'] },
  ])
  const page = await stage.open({ on: 'phone', as: team.owner })
  await say(page, 'have it say hi')
  await seen(page.getByText('It said hi.', { exact: true }))
  expect((await model.asked()).length).toBe(2)
})
