// Five hundred invented tools of twenty-five invented servers, and questions as people ask them: what tool
// search is measured with. `catalogue.txt` holds a server per heading and a tool per line.
import type { ChatTool } from '../../../supabase/functions/mcp-client/chat/tools.ts'
import { keyedTools } from '../../../shared/naming.ts'
import type { JsonSchema } from '../../../shared/tool.ts'

const read = (name: string) => Deno.readTextFileSync(new URL(name, import.meta.url))
const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '')

/** By tool key, as a chat knows them. */
export function readCatalogue(): Map<string, ChatTool> {
  const tools: ChatTool[] = []
  const servers = new Map<string, string>()
  let server = { id: '', name: '' }
  for (const line of lines(read('catalogue.txt'))) {
    if (line.startsWith('# ')) {
      server = { id: crypto.randomUUID(), name: line.slice(2) }
      servers.set(server.id, server.name)
      continue
    }
    const [tool_name = '', description = '', parameters = ''] = line.split('|')
    tools.push({
      server_id: server.id,
      server_name: server.name,
      tool_name,
      title: null,
      description,
      input_schema: schemaOf(parameters),
      policy: 'allow',
    })
  }
  return keyedTools(tools, servers)
}

/** `a,b:int?,c:red/blue`: a required text, an optional number, a required choice. */
function schemaOf(written: string): JsonSchema {
  const parameters = written.split(',').filter(Boolean).map((one) => {
    const [, name = '', kind = 'text', optional] = /^(\w+)(?::([\w/]+))?(\?)?$/.exec(one) ?? []
    return { name, kind, required: !optional }
  })
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map(({ name, kind }) => [name, typeOf(kind)])),
    required: parameters.flatMap(({ name, required }) => required ? [name] : []),
  }
}

const TYPES: Record<string, JsonSchema> = {
  text: { type: 'string' },
  int: { type: 'integer' },
  number: { type: 'number' },
  bool: { type: 'boolean' },
  object: { type: 'object' },
  list: { type: 'array', items: { type: 'string' } },
}

function typeOf(kind: string): JsonSchema {
  return TYPES[kind] ?? { type: 'string', enum: kind.split('/') }
}

export type Question = { asked: string; right: string }

/** `tuned`: what the search was tried on while it was written; `held_out`: written before, never looked at. */
export function readQuestions(set: 'tuned' | 'held_out'): Question[] {
  const name = set === 'tuned' ? 'questions.txt' : 'questions-held-out.txt'
  return lines(read(name)).map((line) => {
    const at = line.indexOf('|')
    return { right: line.slice(0, at), asked: line.slice(at + 1) }
  })
}
