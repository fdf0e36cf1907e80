// A language model configured by environment, in a stack of its own: the whole way from the person to
// the provider’s wire and back, with a real tool call in between.
import assert from 'node:assert/strict'
import { startFakeAnthropic } from '../models/fake-anthropic.ts'
import { startFakeOpenAi } from '../models/fake-openai.ts'
import { startStack } from '../running-stack.ts'

const script = [
  { calls: [{ id: 'call_1', name: 'everything__echo', input: { message: 'hi' } }] },
  { say: ['It ', 'said hi.'] },
  { say: ['Still here.'] },
]

for (
  const [provider, start] of Object.entries({
    openai_compatible: startFakeOpenAi,
    anthropic: startFakeAnthropic,
  })
) {
  Deno.test(`${provider}, configured by environment, answers in the chat through a real tool`, async () => {
    const fake = start(script)
    const stack = await startStack({
      env: {
        ASTRA_MODEL_PROVIDER: provider,
        ASTRA_MODEL_BASE_URL: `${fake.url}/v1`,
        ASTRA_MODEL_NAME: 'fake',
        ASTRA_MODEL_API_KEY: 'sk-test',
      },
    })
    try {
      const member = await stack.signIn('member@acme.test')
      const { body } = await member.call('get_model')
      assert.deepEqual(body.model, { provider, name: 'fake' })
      const chat_id = crypto.randomUUID()
      const bearer = { authorization: `Bearer ${member.token}` }
      const say = (text: string) => {
        const message = { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] }
        return stack.post(JSON.stringify({ chat_id, message }), bearer, '/chat')
      }
      const answer = await say('say hi')
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('content-type') ?? '', /text\/event-stream/)
      assert.match(answer.body, /"status":"success"/)
      assert.match(answer.body, /"delta":"said hi\."/)
      assert.match(JSON.stringify(fake.asked[1]?.body), /Untrusted data from server.*Echo: hi/)
      assert.doesNotMatch(answer.body, /sk-test/)
      assert.match((await say('and now?')).body, /"delta":"Still here\."/)
      const past = JSON.stringify(fake.asked[2]?.body.messages)
      assert.match(past, /say hi.*everything__echo.*Echo: hi.*It said hi\..*and now\?/)
    } finally {
      await stack.stop()
      await fake.stop()
    }
  })
}
