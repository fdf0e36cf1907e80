// A small server that speaks Anthropic’s messages as they are streamed, and refuses what Anthropic
// refuses: a missing version header, tool uses without their results, combinators atop a schema.
import { type Asked, type FakeModel, type Format, type Script, serveScript } from './scripted.ts'

/** POST {url}/v1/messages. */
export function startFakeAnthropic(script: Script): FakeModel {
  return serveScript(script, anthropicFormat)
}

function event(body: { type: string } & Record<string, unknown>): string {
  return `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`
}

function block(index: number, content_block: unknown, deltas: unknown[]): string[] {
  return [
    event({ type: 'content_block_start', index, content_block }),
    ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta })),
    event({ type: 'content_block_stop', index }),
  ]
}

const stops = { stop: 'end_turn', length: 'max_tokens', content_filter: 'refusal' }

export const anthropicFormat: Format = {
  opening({ say = [], calls = [], usage: { input, cached = 0 } = { input: 10, output: 15 } }) {
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'fake',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: input, cache_read_input_tokens: cached, output_tokens: 1 },
    }
    const texts = say.map((text) => ({ type: 'text_delta', text }))
    const spoken = say.length > 0 ? block(0, { type: 'text', text: '' }, texts) : []
    const first = say.length > 0 ? 1 : 0
    const called = calls.flatMap(({ id, name, input, raw }, nth) => {
      const partial_json = raw ?? JSON.stringify(input)
      return block(first + nth, { type: 'tool_use', id, name, input: {} }, [
        { type: 'input_json_delta', partial_json: '' },
        { type: 'input_json_delta', partial_json },
      ])
    })
    return [
      event({ type: 'message_start', message }),
      event({ type: 'ping' }),
      ...spoken,
      ...called,
    ]
  },
  ending({ calls = [], ends = 'stop', usage: { output } = { input: 10, output: 15 } }) {
    const stop_reason = calls.length > 0 ? 'tool_use' : stops[ends]
    const delta = { stop_reason, stop_sequence: null }
    return [
      event({ type: 'message_delta', delta, usage: { output_tokens: output } }),
      event({ type: 'message_stop' }),
    ]
  },
  failing: ({ type, message }) => event({ type: 'error', error: { type, message } }),
  fault,
  refusal: (message) => ({ type: 'error', error: { type: 'invalid_request_error', message } }),
}

type WireBlock = { type: string; id?: string; tool_use_id?: string }
type WireMessage = { role: string; content: WireBlock[] }
type WireTool = { name: string; input_schema: Record<string, unknown> }

function fault({ path, headers, body }: Asked): string | null {
  if (path !== '/v1/messages') return `Unknown path ${path}`
  if (!headers.get('x-api-key')) return 'x-api-key: header is required'
  if (!headers.get('anthropic-version')) return 'anthropic-version: header is required'
  if (typeof body.max_tokens !== 'number') return 'max_tokens: field required'
  for (const { name, input_schema } of (body.tools ?? []) as WireTool[]) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return `tools: invalid name ${name}`
    if (input_schema.type !== 'object') return `tools: ${name} is no object`
    const combinator = ['oneOf', 'allOf', 'anyOf'].find((key) => key in input_schema)
    if (combinator) return `tools: ${name} must not have ${combinator} at the top level`
  }
  let open: string[] = []
  for (const { role, content } of body.messages as WireMessage[]) {
    const blocks = Array.isArray(content) ? content : []
    const answered = blocks.flatMap((one) =>
      one.type === 'tool_result' ? one.tool_use_id ?? '' : []
    )
    if (role === 'user' && open.some((id) => !answered.includes(id))) {
      return 'tool_use ids were found without tool_result blocks immediately after'
    }
    if (answered.some((id) => !open.includes(id))) return 'unexpected tool_use_id'
    open = blocks.flatMap((one) => one.type === 'tool_use' ? one.id ?? '' : [])
    if (open.some((id) => !/^[a-zA-Z0-9_-]+$/.test(id))) return 'tool_use.id: invalid characters'
    if (open.length > 0 && body.tools === undefined) return 'tools: required with tool_use blocks'
  }
  return open.length > 0 ? 'the last tool uses have no result' : null
}
