// How much later than its provider a person reads the first token, and what a tool round adds to the tool's own call.
import { expect } from '../astra.ts'
import { median } from '../goals.ts'
import { type Figure, percentile } from './figure.ts'
import type { Ground } from './ground.ts'

const rounds = 40
const warmups = 5

/** Sends one message and reads its answer; gives when its first words were here. */
async function turn({ stack, owner, team_id }: Ground, text: string): Promise<number> {
  const message = { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] }
  const response = await fetch(`${stack.url}/functions/v1/mcp-client/chat`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      apikey: stack.publishable_key,
      authorization: `Bearer ${owner.token}`,
    },
    body: JSON.stringify({ team_id, chat_id: crypto.randomUUID(), message }),
  })
  expect(response.ok, response.status)
  let first = NaN
  let read = ''
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    read += part
    if (Number.isNaN(first) && read.includes('"text-delta"')) first = performance.now()
  }
  expect(!Number.isNaN(first), read)
  return first
}

export async function measureFirstToken(ground: Ground): Promise<Figure[]> {
  const late: number[] = []
  for (let round = -warmups; round < rounds; round++) {
    ground.provider.moments.length = 0
    const first = await turn(ground, 'say something')
    if (round >= 0) late.push(first - ground.provider.moments[0]!.spoke)
  }
  return [{
    what: `first token at the reader after the provider sent it, median of ${rounds}`,
    value: median(late),
    unit: 'ms',
    atMost: 100,
    beside: `p90 ${percentile(late, 0.9).toFixed(1)} ms`,
  }]
}

export async function measureToolRound(ground: Ground): Promise<Figure[]> {
  const { owner, server_id, provider } = ground
  const alone: number[] = []
  const within: number[] = []
  for (let round = -warmups; round < rounds; round++) {
    const started = performance.now()
    const called = await owner.call('call_tool', {
      server_id,
      tool_name: 'echo',
      parameters: { text: 'hi' },
    })
    const took = performance.now() - started
    expect(called.body.status === 'success', called.body)
    provider.moments.length = 0
    await turn(ground, 'use the tool')
    expect(provider.moments.length === 2, provider.moments)
    if (round < 0) continue
    alone.push(took)
    // From the model's call to the model's next question: everything a round is.
    within.push(provider.moments[1]!.asked - provider.moments[0]!.spoke)
  }
  return [{
    what: `a tool round within an answer, less the same call by itself, median of ${rounds}`,
    value: median(within) - median(alone),
    unit: 'ms',
    atMost: 15,
    beside: `${median(within).toFixed(1)} ms and ${median(alone).toFixed(1)} ms`,
  }]
}
