// Runs the whole of Astra as a newcomer would, on a free port and a folder of its own, for tests that
// look at it from outside. Every part is the real one; nothing is replaced.
import { freePort } from './upstreams/everything.ts'

// A test reads whatever came back.
// deno-lint-ignore no-explicit-any
export type Answer = { status: number; body: any; headers: Headers }

type Asked = { method?: string; body?: string; headers?: Record<string, string> }

export type Person = {
  email: string
  token: string
  user_id: string
  /** POSTs an operation. */
  call(action: string, input?: Record<string, unknown>): Promise<Answer>
  /** Reads or writes the Data API as this person: `rest('mcp_tools?select=id')`. */
  rest(path: string, init?: Asked): Promise<Answer>
}

export type RunningStack = {
  url: string
  folder: string
  publishable_key: string
  secret_key: string
  teams: Record<string, string>
  pids(): Promise<Record<string, number>>
  signIn(email: string): Promise<Person>
  signUp(email: string, metadata?: Record<string, unknown>): Promise<Person>
  /** POSTs anything to the function. */
  post(body: BodyInit, headers?: Record<string, string>, path?: string): Promise<Answer>
  /** Rings the tick, which nothing else does here. */
  tick(): Promise<Answer>
  /** Reads or writes past row level security, to look at what was stored. */
  asService(path: string, init?: Asked): Promise<Answer>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

const root = new URL('../../', import.meta.url).pathname
const script = (name: string) => new URL(`../../scripts/${name}`, import.meta.url).pathname

/**
 * Starts a stack without a clock and waits for its ready line. `env` adds to its environment; stopping it
 * removes its data.
 */
export async function startStack(
  { env = {} }: { env?: Record<string, string> } = {},
): Promise<RunningStack> {
  const folder = await Deno.makeTempDir({ prefix: 'astra-test-' })
  // These tests look at the API: the web app need not be built for them. They count what reaches a server:
  // it is checked when they say so.
  const environment = {
    ASTRA_PORT: String(await freePort()),
    ASTRA_DATA: folder,
    ASTRA_WEB: 'off',
    ASTRA_CLOCK: 'off',
    ...env,
  }
  const child = new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', script('stack.ts')],
    cwd: root,
    env: environment,
    stdin: 'null',
    stdout: 'piped',
    stderr: 'inherit',
  }).spawn()
  await readyLine(child.stdout)
  const status = await readStatus(environment)
  return describe({ child, folder, environment, status })
}

async function readyLine(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
  const reader = stdout.pipeThrough(new TextDecoderStream()).getReader()
  let said = ''
  while (!/^Astra is ready at /m.test(said)) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`the stack ended before it was ready:\n${said}`)
    said += value
  }
  const drain = async () => {
    while (!(await reader.read()).done);
  }
  drain().catch(() => {})
}

type Status = {
  url: string
  publishable_key: string
  secret_key: string
  pids: Record<string, number>
  demo: { password: string; teams: Record<string, string> } | null
}

async function readStatus(env: Record<string, string>): Promise<Status> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', script('stack/status.ts')],
    cwd: root,
    env,
  }).output()
  return JSON.parse(new TextDecoder().decode(stdout))
}

type Started = {
  child: Deno.ChildProcess
  folder: string
  environment: Record<string, string>
  status: Status
}

function describe({ child, folder, environment, status }: Started): RunningStack {
  const { url, publishable_key, secret_key } = status
  const password = status.demo?.password ?? 'astra-demo-1'
  const endpoint = `${url}/functions/v1/mcp-client`

  const post: RunningStack['post'] = (body, headers = {}, path = '') =>
    ask(`${endpoint}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', apikey: publishable_key, ...headers },
      body,
    })

  const enter = async (path: string, email: string, extra: Record<string, unknown> = {}) => {
    const { body } = await ask(`${url}/auth/v1/${path}`, {
      method: 'POST',
      headers: { apikey: publishable_key, 'content-type': 'application/json' },
      body: JSON.stringify({ email, password, ...extra }),
    })
    const token: string = body.access_token
    if (!token) throw new Error(`${email} could not enter: ${JSON.stringify(body)}`)
    const bearer = { Authorization: `Bearer ${token}` }
    return {
      email,
      token,
      user_id: body.user.id,
      call: (action, input = {}) => post(JSON.stringify({ action, ...input }), bearer),
      rest: (path, init = {}) =>
        ask(`${url}/rest/v1/${path}`, {
          ...init,
          headers: {
            apikey: publishable_key,
            'content-type': 'application/json',
            ...bearer,
            ...init.headers,
          },
        }),
    } satisfies Person
  }

  return {
    url,
    folder,
    publishable_key,
    secret_key,
    teams: status.demo?.teams ?? {},
    pids: async () => (await readStatus(environment)).pids,
    signIn: (email) => enter('token?grant_type=password', email),
    signUp: (email, metadata) => enter('signup', email, { data: metadata }),
    post,
    tick: () => post('', { apikey: secret_key }, '/tick'),
    asService: (path, init = {}) =>
      ask(`${url}/rest/v1/${path}`, {
        ...init,
        headers: { apikey: secret_key, 'content-type': 'application/json', ...init.headers },
      }),
    async stop() {
      child.kill('SIGTERM')
      await child.status
      await Deno.remove(folder, { recursive: true })
    },
  }
}

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  let body: unknown = text
  try {
    body = JSON.parse(text)
  } catch {
    // Not every answer is JSON; the text itself is what a test then looks at.
  }
  return { status: response.status, body, headers: response.headers }
}
