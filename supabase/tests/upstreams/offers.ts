// What the fixture servers offer besides tools, as raw wire objects. Independent of any SDK.

const resources = [
  { uri: 'test://one', name: 'one', mimeType: 'text/plain', 'x-vendor': 1 },
  { uri: 'test://two', name: 'two' },
]
const resourceTemplates = [{ uriTemplate: 'test://{name}', name: 'any', 'x-vendor': 2 }]
const prompts = [{
  name: 'greet',
  description: 'Greets',
  arguments: [{ name: 'who', required: true }],
  'x-vendor': 3,
}]

/** The result of a method, or null for one that is not offered here. Throws for what does not exist. */
export async function offered(method: string, params: Record<string, unknown>): Promise<unknown> {
  switch (method) {
    case 'resources/list':
      return params.cursor === 'next'
        ? { resources: resources.slice(1) }
        : { resources: resources.slice(0, 1), nextCursor: 'next' }
    case 'resources/templates/list':
      return { resourceTemplates }
    case 'resources/read':
      if (params.uri === 'test://huge') {
        return { contents: [{ uri: params.uri, text: 'x'.repeat(4 * 1024 * 1024) }] }
      }
      if (params.uri === 'test://deep') {
        const nested = JSON.parse(`${'['.repeat(100)}1${']'.repeat(100)}`)
        return { contents: [{ uri: params.uri, text: '', nested }] }
      }
      if (params.uri === 'test://slow') {
        await new Promise((resolve) => setTimeout(resolve, 300))
        return { contents: [] }
      }
      if (params.uri !== 'test://one') throw new NotThere(String(params.uri))
      return { contents: [{ uri: params.uri, text: 'One', 'x-vendor': 4 }] }
    case 'prompts/list':
      return { prompts }
    case 'prompts/get': {
      const { who } = params.arguments as { who: string }
      const content = { type: 'text', text: `Greet ${who}`, 'x-vendor': 5 }
      return { description: 'A greeting', messages: [{ role: 'user', content }] }
    }
    case 'completion/complete': {
      const { argument, context } = params as {
        argument: { value: string }
        context?: { arguments?: Record<string, string> }
      }
      const values = ['Ada', 'Alan', ...Object.keys(context?.arguments ?? {})]
        .filter((name) => name.startsWith(argument.value))
      return { completion: { values, total: 7, hasMore: true } }
    }
    default:
      return null
  }
}

export const offeredMethods = [
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
] as const

export class NotThere extends Error {
  constructor(readonly uri: string) {
    super(`Resource not found: ${uri}`)
  }
}
