// The tools every fixture server offers, as raw wire objects, and what they do. Independent of any SDK.

export const definitions = [
  {
    name: 'echo',
    title: 'Echo',
    description: 'Says it back',
    inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    annotations: { readOnlyHint: true, 'x-annotation': 'kept' },
    'x-vendor': { colour: 'blue', nested: [1, { deep: true }] },
    _meta: { 'example.com/origin': 'fixture' },
  },
  {
    name: 'add',
    description: 'Adds two numbers',
    inputSchema: {
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number' } },
      required: ['a', 'b'],
    },
    outputSchema: {
      type: 'object',
      properties: { sum: { type: 'number' } },
      required: ['sum'],
    },
  },
  { name: 'slow', description: 'Answers after ms', inputSchema: { type: 'object' } },
  { name: 'progress', description: 'Tells of each step', inputSchema: { type: 'object' } },
  { name: 'fail', description: 'Fails as a tool', inputSchema: { type: 'object' } },
  {
    name: 'liar',
    description: 'Breaks its own output schema',
    inputSchema: { type: 'object' },
    outputSchema: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
  },
  {
    name: 'region',
    description: 'Says which header it was called with',
    inputSchema: {
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
      required: ['region'],
    },
  },
  { name: 'sized', description: 'Answers with that many bytes', inputSchema: { type: 'object' } },
  { name: 'ask', description: 'Asks a person, and says what', inputSchema: { type: 'object' } },
  { name: 'talk', description: 'Logs while it works', inputSchema: { type: 'object' } },
]

export type Context = {
  signal: AbortSignal
  /** Set when the caller asked for progress. */
  progress: ((done: number, total: number) => Promise<void>) | null
  /** `aside`: on no call’s stream. */
  ask(params: Record<string, unknown>, aside: boolean): Promise<unknown>
  log(data: unknown): Promise<void>
  header(name: string): string | null
}

/** Throws `UnknownTool`; everything else is a result. */
export async function run(name: string, args: Record<string, unknown>, context: Context) {
  switch (name) {
    case 'echo':
      return { ...text(`Echo: ${args.text}`), 'x-result': 'kept' }
    case 'add':
      return { ...text('sum'), structuredContent: { sum: Number(args.a) + Number(args.b) } }
    case 'slow':
      await pause(Number(args.ms), context.signal)
      return text('slow')
    case 'progress': {
      const steps = Number(args.steps)
      for (let step = 1; step <= steps && !context.signal.aborted; step++) {
        await pause(Number(args.ms), context.signal)
        await context.progress?.(step, steps)
      }
      return text('done')
    }
    case 'fail':
      return { ...text('The disk is full'), isError: true }
    case 'liar':
      return { ...text('sum'), structuredContent: { sum: 'three' } }
    case 'region':
      return text(`header: ${context.header('mcp-param-region')}`)
    case 'ask': {
      const { aside, ms, ...params } = args
      // Aside it goes on asking, whoever has gone meanwhile.
      await pause(Number(ms ?? 0), aside ? new AbortController().signal : context.signal)
      return text(JSON.stringify(await context.ask(params, aside === true)))
    }
    case 'page_first':
      throw new PageFirst(args.pages)
    case 'talk':
      for (let line = 1; line <= Number(args.lines ?? 1); line++) {
        await context.log(args.data ?? `line ${line}`)
      }
      return text('said')
    case 'sized':
      return text('x'.repeat(Number(args.bytes)))
    default:
      throw new UnknownTool(`Unknown tool: ${name}`)
  }
}

export class UnknownTool extends Error {}
/** A person has to go through pages before this tool runs (`-32042`). */
export class PageFirst extends Error {
  constructor(readonly pages: unknown) {
    super('Page first')
  }
}

function text(said: string) {
  return { content: [{ type: 'text', text: said }] }
}

/** Ends early when the caller has gone. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
