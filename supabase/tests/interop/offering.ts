// What the two fixture servers of the interop matrix offer, and how they are listened to. No protocol.

export const note = { uri: 'note://today', mimeType: 'text/plain', text: 'Water the plants' }
export const greeting = (name: string) => `Say hello to ${name}`

export const question = {
  message: 'Who is it for?',
  requestedSchema: {
    type: 'object' as const,
    properties: {
      name: { type: 'string' as const },
      urgent: { type: 'boolean' as const, default: false },
    },
    required: ['name'],
  },
}

/** What `ask` says once it was answered: the whole answer, so that a test sees it. */
export function thanks(answer: { action: string; content?: Record<string, unknown> }): string {
  return JSON.stringify({ action: answer.action, content: answer.content })
}

/** Counts the slow calls that are running and those that their caller cancelled. */
export class Watch {
  running = 0
  cancelled = 0

  async call(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    this.running++
    try {
      await work()
    } finally {
      this.running--
      if (signal.aborted) this.cancelled++
    }
  }
}

export type Offering = { url: string; watch: Watch; stop(): Promise<void> }

/** Listens on a free port of loopback. */
export function serve(watch: Watch, answer: (request: Request) => Promise<Response>): Offering {
  const end = new AbortController()
  const listen = { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} }
  const http = Deno.serve(listen, answer)
  return {
    url: `http://127.0.0.1:${http.addr.port}/mcp`,
    watch,
    async stop() {
      end.abort()
      await http.finished
    },
  }
}

/** One step of slow work; ends early when the caller has gone. */
export function pause(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 100)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    }, { once: true })
  })
}
