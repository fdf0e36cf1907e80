// The five kinds of server of the interop matrix, how each is started, and by what name it offers each
// thing. What a server does not offer is null here; the test then proves it from the server itself.
import { startEverything } from '../upstreams/everything.ts'
import { until } from '../upstreams/bench.ts'
import { startFilesystem } from './filesystem.ts'
import { greeting, note } from './offering.ts'
import { startSessionServer } from './session-server.ts'
import { startStatelessServer } from './stateless-server.ts'

type Call = { tool_name: string; parameters: Record<string, unknown> }

export type Subject = {
  url: string
  server_type: 'http' | 'sse'
  tool: Call & { says: RegExp }
  resource: { says: RegExp } | null
  prompt: { name: string; arguments: Record<string, string>; says: RegExp } | null
  progress: Call | null
  /** `reached` resolves once the server is at work; `cancelled` once it knows, where one can see that. */
  cancel: Call & { reached?: () => Promise<() => void>; cancelled?: () => Promise<void> }
  elicit: (Call & { content: Record<string, unknown> }) | null
  /** Every tool of a server that offers less: what it is known by. */
  tools?: string[]
  stop(): Promise<void>
}

export const subjects: Record<string, () => Promise<Subject>> = {
  'server-everything over HTTP': () => everything('http'),
  'server-everything over SSE': () => everything('sse'),
  'a session server, SDK v1': () => fixture(startSessionServer()),
  'a stateless server, SDK v2': () => fixture(startStatelessServer()),
  'server-filesystem behind a bridge': filesystem,
}

async function everything(server_type: 'http' | 'sse'): Promise<Subject> {
  const { url, stop } = await startEverything(server_type === 'http' ? 'streamableHttp' : 'sse')
  const long = 'trigger-long-running-operation'
  return {
    url,
    server_type,
    tool: { tool_name: 'get-sum', parameters: { a: 2, b: 40 }, says: /42/ },
    resource: { says: /Everything Server/ },
    prompt: { name: 'args-prompt', arguments: { city: 'Turin' }, says: /Turin/ },
    progress: { tool_name: long, parameters: { duration: 0.6, steps: 3 } },
    cancel: { tool_name: long, parameters: { duration: 60, steps: 600 } },
    elicit: {
      tool_name: 'trigger-elicitation-request',
      parameters: {},
      content: { name: 'Ada Lovelace', check: true },
    },
    stop,
  }
}

// deno-lint-ignore require-await -- as the others are started
async function fixture(
  { url, watch, stop }: ReturnType<typeof startSessionServer>,
): Promise<Subject> {
  return {
    url,
    server_type: 'http',
    tool: { tool_name: 'add', parameters: { a: 2, b: 40 }, says: /^42$/ },
    resource: { says: new RegExp(note.text) },
    prompt: { name: 'greet', arguments: { name: 'Ada' }, says: new RegExp(greeting('Ada')) },
    progress: { tool_name: 'slow', parameters: { steps: 3 } },
    cancel: {
      tool_name: 'slow',
      parameters: { steps: 600 },
      cancelled: () => until(() => watch.cancelled === 1 && watch.running === 0),
    },
    elicit: { tool_name: 'ask', parameters: {}, content: { name: 'Ada Lovelace' } },
    stop,
  }
}

async function filesystem(): Promise<Subject> {
  const { url, file, endless, reading, stop } = await startFilesystem()
  const read = (path: string) => ({ tool_name: 'read_text_file', parameters: { path } })
  return {
    url,
    server_type: 'http',
    tool: { ...read(file), says: /hello from a file/ },
    resource: null,
    prompt: null,
    progress: null,
    cancel: { ...read(endless), reached: reading },
    elicit: null,
    tools: [
      'create_directory',
      'directory_tree',
      'edit_file',
      'get_file_info',
      'list_allowed_directories',
      'list_directory',
      'list_directory_with_sizes',
      'move_file',
      'read_file',
      'read_media_file',
      'read_multiple_files',
      'read_text_file',
      'search_files',
      'write_file',
    ],
    stop,
  }
}
