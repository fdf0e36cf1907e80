// A model provider on loopback that speaks OpenAI's chat completions and notes when it was asked and when its
// first token left. Asked with "use the tool" it calls the first tool it was given, and then answers.

export type Moment = { asked: number; spoke: number }
export type Provider = { url: string; moments: Moment[]; stop(): Promise<void> }

type Asked = {
  messages: { role: string; content?: unknown }[]
  tools?: { function: { name: string } }[]
}

/** A real one thinks first. */
const thinks_ms = 50

export function startProvider(): Provider {
  const moments: Moment[] = []
  const closing = new AbortController()
  const listen = { hostname: '127.0.0.1', port: 0, onListen: () => {}, signal: closing.signal }
  const server = Deno.serve(listen, async (request) => {
    const asked = performance.now()
    const body = await request.json() as Asked
    return new Response(answerTo(body, (spoke) => moments.push({ asked, spoke })), {
      headers: { 'content-type': 'text/event-stream' },
    })
  })
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    moments,
    stop() {
      closing.abort()
      return server.finished
    },
  }
}

function answerTo(asked: Asked, spoke: (at: number) => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const event = (delta: unknown, finish_reason: string | null = null) => {
    const about = { id: 'bench', object: 'chat.completion.chunk', created: 1, model: 'fake' }
    const choices = [{ index: 0, delta, finish_reason }]
    return encoder.encode(`data: ${JSON.stringify({ ...about, choices })}\n\n`)
  }
  const calls = JSON.stringify(asked.messages.findLast(({ role }) => role === 'user')?.content)
    .includes('use the tool') && asked.messages.at(-1)?.role !== 'tool'
  const name = asked.tools?.find(({ function: { name } }) => name.endsWith('echo'))?.function.name
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(event({ role: 'assistant', content: '' }))
      await new Promise((resolve) => setTimeout(resolve, thinks_ms))
      if (calls && name) {
        const called = { name, arguments: '{"text":"hi"}' }
        const one = { index: 0, id: crypto.randomUUID().slice(0, 8), type: 'function' }
        controller.enqueue(event({ tool_calls: [{ ...one, function: called }] }))
        controller.enqueue(event({}, 'tool_calls'))
      } else {
        controller.enqueue(event({ content: 'First' }))
        spoke(performance.now())
        await new Promise((resolve) => setTimeout(resolve, thinks_ms))
        controller.enqueue(event({ content: ' and last.' }))
        controller.enqueue(event({}, 'stop'))
      }
      if (calls) spoke(performance.now())
      controller.enqueue(encoder.encode('data: [DONE]\n\n'))
      controller.close()
    },
  })
}
