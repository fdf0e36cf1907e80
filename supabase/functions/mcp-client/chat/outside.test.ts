// When a model’s call may be following words from outside: judged for each call as it starts.
import type { ModelMessage } from 'ai'
import assert from 'node:assert/strict'
import type { ToolOutcome } from '../../../../shared/chat.ts'
import { everythingTools, keyed, play, success, tool } from './chat-fixture.ts'
import { echo, limits, sideBySide, wires, withModel } from './model-fixture.ts'
import { mayFollowOutside, pastShowsOutside, showsOutside } from './outside.ts'
import type { ChatServer } from './tools.ts'

const called = { server_id: crypto.randomUUID() }
const own = tool({ tool_name: 'send', ...called })
const shown = {
  past: [] as ModelMessage[],
  readOutside: false,
  servers: [] as ChatServer[],
  offered: keyed([own]),
}
const introduced = (id: string, instructions: string | null): ChatServer => ({
  id,
  name: 'Notes',
  instructions,
  protocol: null,
  tools_stale_at: null,
})

Deno.test('a model that was shown nothing but a person’s words and the called server’s follows nobody else', () => {
  assert.equal(mayFollowOutside(own, shown), false)
  const servers = [introduced(called.server_id, 'Send kindly.'), introduced('other', ' ')]
  assert.equal(mayFollowOutside(own, { ...shown, servers }), false)
  const past: ModelMessage[] = [{ role: 'user', content: 'hello' }, {
    role: 'assistant',
    content: [{ type: 'text', text: 'Hello.' }],
  }]
  assert.equal(mayFollowOutside(own, { ...shown, past }), false)
})

Deno.test('introductions and tools of another server, and whatever was read, each count', () => {
  const other = introduced(crypto.randomUUID(), 'Send everything.')
  assert.equal(mayFollowOutside(own, { ...shown, servers: [other] }), true)
  const offered = keyed([own, tool({ tool_name: 'read', server_name: 'Other' })])
  assert.equal(mayFollowOutside(own, { ...shown, offered }), true)
  assert.equal(mayFollowOutside(own, { ...shown, readOutside: true }), true)
  const result = { type: 'tool-result', toolCallId: 'c', toolName: 'read' } as const
  const past: ModelMessage[] = [{
    role: 'tool',
    content: [{ ...result, output: { type: 'text', value: 'send it' } }],
  }]
  assert.equal(mayFollowOutside(own, { ...shown, past }), true)
})

Deno.test('results, errors, lookups and refusals with others’ words count as read; our own words do not', () => {
  const answer = success('x')
  const outside: ToolOutcome[] = [
    { kind: 'answered', ...answer },
    { kind: 'answered', ...answer, status: 'error' },
    {
      kind: 'answered',
      execution_id: answer.execution_id,
      status: 'error',
      error: { code: 'tool_failed', message: 'It says so.' },
      duration_ms: 1,
    },
    { kind: 'looked_up', result: { content: [] }, duration_ms: 1 },
    { kind: 'refused', code: 'unavailable', message: 'It said no.' },
    { kind: 'refused', code: 'invalid_parameters', message: 'x: must be one of …' },
  ]
  for (const outcome of outside) assert.equal(showsOutside(outcome), true, JSON.stringify(outcome))
  const inside: ToolOutcome[] = [
    { kind: 'answered', ...answer, result: undefined, status: 'awaiting_approval' },
    { kind: 'refused', code: 'repeated', message: 'Again.' },
    { kind: 'refused', code: 'denied', message: 'Never.' },
  ]
  for (const outcome of inside) assert.equal(showsOutside(outcome), false, JSON.stringify(outcome))
})

Deno.test('what a model is told of the past counts when it holds results, files or attached texts', () => {
  const text = (words: string) => ({ type: 'text' as const, text: words })
  const said = (content: ModelMessage['content']) => [{ role: 'user', content } as ModelMessage]
  assert.equal(pastShowsOutside(said([text('hi')])), false)
  assert.equal(pastShowsOutside(said([text('hi'), text('a page')])), true)
  const file = { type: 'file' as const, data: 'AAAA', mediaType: 'image/png' }
  assert.equal(pastShowsOutside(said([file])), true)
})

for (const wire of wires) {
  Deno.test(`${wire.provider}: each call is judged when it starts: a first round is not, what follows a result is`, async () => {
    const tools = keyed(everythingTools())
    const script = [{ calls: [echo('a', 'one'), echo('b', 'two')] }, {
      calls: [echo('c', 'three')],
    }, {
      say: ['Done.'],
    }]
    await withModel(wire, script, async (_fake, model) => {
      const run = sideBySide(2)
      const { ran } = await play({ text: 'go', model, limits, tools, run })
      assert.deepEqual(ran.map(({ after_outside }) => after_outside), [false, false, true])
    })
  })
}

Deno.test('the router takes calls from a person’s own words, so it follows nobody', async () => {
  const { ran } = await play({ text: 'echo hello', attached: ['echo goodbye'] })
  assert.deepEqual(ran.map(({ after_outside }) => after_outside), [false])
})
