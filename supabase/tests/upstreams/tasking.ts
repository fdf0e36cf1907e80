// A 2026-07-28 server with the tasks extension (SEP-2663), by hand over HTTP: the SDK's server does not have
// it. As strict as the specification: headers that disagree with the body, requests without an envelope and
// clients that do not declare the extension are refused. Its tasks go on by being polled, never by a clock.
import { Recorder } from './recorder.ts'

type Params = Record<string, unknown>
type Rpc = { id: number | string; method: string; params: Params }
type Result = Record<string, unknown>

/** How a task goes: as the arguments of the tool `work` say. */
export type Work = {
  /** So many polls find it working. 1 without it. */
  polls?: number
  /** What the call asks before it becomes a task. */
  first?: Record<string, unknown>
  /** What the task asks before it works. */
  requests?: Record<string, unknown>
  /** Its end: a result of the tool (`{ content }` with the answers it got, without one), or an error. */
  result?: Result
  error?: { code: number; message: string }
}

type Task = {
  id: string
  created: string
  left: number
  open: Record<string, unknown>
  answers: Record<string, unknown>
  end: Work
  cancelled: boolean
}

export type TaskingServer = {
  url: string
  host: string
  recorder: Recorder
  /** Identifiers of the tasks there are, the oldest first. */
  tasks(): string[]
  /** What was answered to a task's questions. */
  answers(id: string): Record<string, unknown> | undefined
  /** A task that has expired. */
  forget(id: string): void
  stop(): Promise<void>
}

export type TaskingOptions = {
  /** Goes into every task; without them 1,000 and an hour. */
  pollIntervalMs?: number
  ttlMs?: number | null
  newId?: () => string
  /** Changes a result on its way out; one that never comes is sent never. */
  bend?: (method: string, result: Result) => unknown
  /** `tools/call` answers with a task whoever asks: what a server must not do. */
  imposes?: boolean
}

const version = '2026-07-28'
const extension = 'io.modelcontextprotocol/tasks'
const extensions = { [extension]: {} }
const meta = {
  version: 'io.modelcontextprotocol/protocolVersion',
  capabilities: 'io.modelcontextprotocol/clientCapabilities',
}
/** Which part of the params the header `Mcp-Name` repeats. */
const named: Record<string, string> = {
  'tools/call': 'name',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
}

/** `work` becomes a task where it may, `swift` never does, `patience` refuses whoever takes no task. */
const tools = ['work', 'swift', 'patience'].map((name) => ({
  name,
  description: 'Works',
  inputSchema: { type: 'object' },
}))

class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly more: { status?: number; data?: unknown } = {},
  ) {
    super(message)
  }
}

export function startTasking(options: TaskingOptions = {}): TaskingServer {
  const recorder = new Recorder()
  const tasks = new Map<string, Task>()
  const end = new AbortController()
  const listen = { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} }
  const http = Deno.serve(listen, async (incoming) => {
    const request = await recorder.note(incoming)
    if (request.method !== 'POST') return new Response(null, { status: 405 })
    const rpc = await request.json() as Rpc
    if (rpc.id === undefined) return new Response(null, { status: 202 })
    try {
      check(rpc, request.headers)
      const result = answer(rpc, { tasks, options })
      const bent = options.bend ? await options.bend(rpc.method, result) : result
      return Response.json({ jsonrpc: '2.0', id: rpc.id, result: bent })
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown
      const { code, message, more: { status = 200, data } } = thrown
      return Response.json({ jsonrpc: '2.0', id: rpc.id, error: { code, message, data } }, {
        status,
      })
    }
  })
  const host = `127.0.0.1:${http.addr.port}`
  return {
    url: `http://${host}/mcp`,
    host,
    recorder,
    tasks: () => [...tasks.keys()],
    answers: (id) => tasks.get(id)?.answers,
    forget: (id) => void tasks.delete(id),
    async stop() {
      end.abort()
      await http.finished
    },
  }
}

function check({ method, params }: Rpc, headers: Headers): void {
  const envelope = (params?._meta ?? {}) as Record<string, unknown>
  const claimed = envelope[meta.version]
  if (claimed === undefined || envelope[meta.capabilities] === undefined) {
    throw new Refusal(-32602, 'The envelope is missing', { status: 400 })
  }
  if (claimed !== version) {
    const data = { supported: [version], requested: claimed }
    throw new Refusal(-32022, 'Unsupported protocol version', { status: 400, data })
  }
  const field = named[method]
  const agree = headers.get('mcp-protocol-version') === version &&
    headers.get('mcp-method') === method &&
    (!field || plain(headers.get('mcp-name')) === params[field])
  if (!agree) throw new Refusal(-32020, 'Header mismatch', { status: 400 })
  if (method.startsWith('tasks/') && !declares(params)) throw missingCapability()
}

/** Headers hold ASCII: everything else comes in Base64, between marks. */
function plain(header: string | null): string | null {
  const coded = /^=\?base64\?(.*)\?=$/.exec(header ?? '')
  if (!coded) return header
  return new TextDecoder().decode(Uint8Array.from(atob(coded[1]!), (byte) => byte.charCodeAt(0)))
}

function declares(params: Params): boolean {
  const declared = (params._meta as Record<string, unknown>)[meta.capabilities]
  return extension in ((declared as { extensions?: object }).extensions ?? {})
}

function missingCapability(): Refusal {
  const data = { requiredCapabilities: { extensions } }
  return new Refusal(-32021, 'Missing required client capability', { status: 400, data })
}

type Here = { tasks: Map<string, Task>; options: TaskingOptions }

function answer({ method, params }: Rpc, here: Here): Result {
  const complete = { resultType: 'complete' }
  const listing = { ...complete, ttlMs: 3_600_000, cacheScope: 'private' }
  switch (method) {
    case 'server/discover':
      return {
        ...listing,
        supportedVersions: [version],
        capabilities: { tools: {}, extensions },
        serverInfo: { name: 'tasking', version: '1.0.0' },
      }
    case 'tools/list':
      return { ...listing, tools }
    case 'tools/call':
      return called(params, here)
    case 'tasks/get':
      return { ...complete, ...polled(taskOf(params, here), here) }
    case 'tasks/update': {
      const task = taskOf(params, here)
      for (const [key, said] of Object.entries(params.inputResponses as Params)) {
        if (!(key in task.open)) continue
        delete task.open[key]
        task.answers[key] = said
      }
      return complete
    }
    case 'tasks/cancel': {
      const task = taskOf(params, here)
      // What has ended stays as it ended.
      if (task.left >= 0) task.cancelled = true
      return complete
    }
    default:
      throw new Refusal(-32601, 'Method not found', { status: 404 })
  }
}

function called(params: Params, { tasks, options }: Here): Result {
  const { name } = params
  const work = (params.arguments ?? {}) as Work
  const takes = declares(params)
  if (!tools.some((tool) => tool.name === name)) throw new Refusal(-32602, 'Unknown tool')
  if (name === 'patience' && !takes) throw missingCapability()
  if (name === 'swift' || (!takes && !options.imposes)) {
    return { resultType: 'complete', ...ending(work, {}) }
  }
  if (work.first && !params.inputResponses) {
    return { resultType: 'input_required', inputRequests: work.first, requestState: 'asked' }
  }
  const task: Task = {
    id: options.newId?.() ?? crypto.randomUUID(),
    created: new Date().toISOString(),
    left: work.polls ?? 1,
    open: { ...work.requests },
    answers: { ...params.inputResponses as Params },
    end: work,
    cancelled: false,
  }
  tasks.set(task.id, task)
  return { resultType: 'task', ...described(task, options), status: 'working' }
}

function taskOf({ taskId }: Params, { tasks }: Here): Task {
  const task = tasks.get(String(taskId))
  if (!task) throw new Refusal(-32602, 'Failed to retrieve task: Task not found')
  return task
}

function polled(task: Task, { options }: Here): Result {
  const now = described(task, options)
  if (task.cancelled) return { ...now, status: 'cancelled' }
  if (Object.keys(task.open).length > 0) {
    return { ...now, status: 'input_required', inputRequests: task.open }
  }
  if (task.left > 0) {
    task.left--
    return { ...now, status: 'working' }
  }
  task.left = -1
  const { error } = task.end
  if (error) return { ...now, status: 'failed', error }
  return { ...now, status: 'completed', result: ending(task.end, task.answers) }
}

function ending({ result, error }: Work, answers: Record<string, unknown>): Result {
  if (error) throw new Refusal(error.code, error.message)
  return result ?? { content: [{ type: 'text', text: JSON.stringify(answers) }] }
}

function described(task: Task, { pollIntervalMs = 1_000, ttlMs = 3_600_000 }: TaskingOptions) {
  return {
    taskId: task.id,
    statusMessage: task.left > 0 ? `${task.left} to go` : 'Done',
    createdAt: task.created,
    lastUpdatedAt: new Date().toISOString(),
    ttlMs,
    pollIntervalMs,
  }
}
