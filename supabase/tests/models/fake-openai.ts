// A small server that speaks OpenAI’s chat completions as they are streamed, and refuses what OpenAI
// refuses: unanswered tool calls, ids that are too long, schemas without an object at the top.
import {
  type Asked,
  type FakeModel,
  type Format,
  type Script,
  type ScriptedUsage,
  serveScript,
} from './scripted.ts'

/** POST {url}/v1/chat/completions. */
export function startFakeOpenAi(script: Script): FakeModel {
  return serveScript(script, openAiFormat)
}

function event(delta: unknown, finish_reason: string | null = null): string {
  return chunk({ choices: [{ index: 0, delta, finish_reason }] })
}

function chunk(more: Record<string, unknown>): string {
  const about = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000 }
  return `data: ${JSON.stringify({ ...about, model: 'fake', ...more })}\n\n`
}

/** A last event without choices, for whoever asked for it. */
function usageOf({ input, output, cached = 0, cost }: ScriptedUsage): string {
  const usage = {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    ...(cost !== undefined && { cost }),
  }
  return chunk({ choices: [], usage })
}

export const openAiFormat: Format = {
  opening({ say = [], calls = [] }) {
    const texts = say.map((content) => event({ content }))
    const called = calls.flatMap(({ id, name, input, raw }, index) => {
      const written = raw ?? JSON.stringify(input)
      const half = Math.ceil(written.length / 2)
      const first = { index, id, type: 'function', function: { name, arguments: '' } }
      return [
        event({ tool_calls: [first] }),
        event({ tool_calls: [{ index, function: { arguments: written.slice(0, half) } }] }),
        event({ tool_calls: [{ index, function: { arguments: written.slice(half) } }] }),
      ]
    })
    return [event({ role: 'assistant', content: '' }), ...texts, ...called]
  },
  ending({ calls = [], ends = 'stop', usage = { input: 10, output: 15 } }, { body }) {
    const options = body.stream_options as { include_usage?: boolean } | undefined
    return [
      event({}, calls.length > 0 ? 'tool_calls' : ends),
      ...(options?.include_usage ? [usageOf(usage)] : []),
      'data: [DONE]\n\n',
    ]
  },
  failing: (error) => `data: ${JSON.stringify({ error: { param: null, ...error } })}\n\n`,
  fault,
  refusal: (message) => ({
    error: { message, type: 'invalid_request_error', param: null, code: null },
  }),
}

type WireCall = { id: string; function: { name: string; arguments: string } }
type WireMessage = { role: string; tool_calls?: WireCall[]; tool_call_id?: string }
type WireTool = { function: { name: string; parameters: Record<string, unknown> } }

function fault({ path, body }: Asked): string | null {
  if (path !== '/v1/chat/completions') return `Unknown path ${path}`
  if (body.stream !== true) return 'only streaming is spoken here'
  for (const { function: { name, parameters } } of (body.tools ?? []) as WireTool[]) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return `Invalid function name ${name}`
    if (parameters.type !== 'object' || !parameters.properties) return `Invalid schema of ${name}`
  }
  let open = new Set<string>()
  for (const message of body.messages as WireMessage[]) {
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id ?? '')) return 'a tool message answers no tool call'
      continue
    }
    if (open.size > 0) {
      return 'an assistant message with tool_calls must be followed by tool messages'
    }
    const ids = (message.tool_calls ?? []).map((call) => call.id)
    if (ids.some((id) => id.length > 40)) return 'tool_call_id is too long'
    open = new Set(ids)
    if (open.size !== ids.length) return 'Duplicate tool_call_id'
  }
  return open.size > 0 ? 'the last tool calls have no answer' : null
}
