// What is shown of a running call, however much its server says.
import assert from 'node:assert/strict'
import type { CallPart } from '../../../../shared/chat.ts'
import { showCall } from './call-card.ts'
import { SERVER_ID, tool } from './chat-fixture.ts'

function card() {
  const shown: CallPart[] = []
  const shows = showCall(
    { tool: tool({ tool_name: 'slow' }), tool_call_id: 'c1' },
    (part) => shown.push(part),
  )
  return { shown, ...shows }
}
const line = (text: string, level = 'info') => ({ level, logger: null, text })

Deno.test('a call is shown at once, and by its execution as soon as there is one', () => {
  const { shown, watch, end } = card()
  assert.deepEqual(shown.map(({ server_id, execution_id }) => [server_id, execution_id]), [
    [SERVER_ID, null],
  ])
  watch.onBegun!('e1')
  end()
  assert.equal(shown.at(-1)?.execution_id, 'e1')
})

Deno.test('of log lines without end the newest few are shown, a few times, and the last is among them', () => {
  const { shown, watch, end } = card()
  for (let n = 0; n < 10_000; n++) watch.onLog!(line(`step ${n}`))
  end()
  assert.ok(shown.length < 50, String(shown.length))
  const { log } = shown.at(-1)!
  assert.equal(log.length, 20)
  assert.equal(log.at(-1), 'step 9999')
})

Deno.test('a log line is cut, is one line, says how bad it is and hides nothing', () => {
  const { shown, watch, end } = card()
  watch.onLog!(line(`a\nb\u202e${'x'.repeat(10_000)}`))
  watch.onLog!(line('out of paper', 'warning'))
  end()
  const [first, second] = shown.at(-1)!.log
  assert.match(first!, /^a bx+…$/)
  assert.ok(first!.length <= 300)
  assert.equal(second, 'warning: out of paper')
})

Deno.test('what a call says after its turn is not shown: nobody listens any more', () => {
  const { shown, watch, end } = card()
  end()
  const before = shown.length
  watch.onLog!(line('still here'))
  watch.onProgress!({ message: null, progress: 1, total: null })
  assert.equal(shown.length, before)
})
