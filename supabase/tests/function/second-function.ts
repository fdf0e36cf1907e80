// A second process of the function beside the running stack's own: what a platform with many isolates does.
// Same database, same keys, another memory.
import { freePort } from '../upstreams/everything.ts'
import type { Answer, Person } from '../running-stack.ts'
import { stack } from './the-stack.ts'

export type SecondFunction = {
  /** POSTs an operation to this process. */
  call(person: Person, action: string, input: Record<string, unknown>): Promise<Answer>
  /** POSTs to another of its doors. */
  post(path: string, given: Posted): Promise<Response>
  stop(): Promise<void>
  /** Ends it without a word. */
  kill(): Promise<void>
}

type Posted = { headers: Record<string, string>; body?: unknown; signal?: AbortSignal }

const entry = new URL('../../functions/mcp-client/index.ts', import.meta.url).pathname
const [command, ...before] = Deno.env.get('ASTRA_FUNCTION_DENO')?.match(/\S+/g) ?? [Deno.execPath()]

/** An older Deno runs below a wrapper, in a group of their own: both go. */
const isWrapped = before.length > 0

/** `env` adds to its environment. */
export async function startSecondFunction(
  { env = {} }: { env?: Record<string, string> } = {},
): Promise<SecondFunction> {
  const secrets = JSON.parse(await Deno.readTextFile(`${stack.folder}/secrets.json`))
  const port = await freePort()
  const child = new Deno.Command(command!, {
    args: [...before, 'run', '-A', '--no-check', entry],
    env: {
      SUPABASE_URL: stack.url,
      SUPABASE_PUBLISHABLE_KEY: secrets.publishable_key,
      SUPABASE_SECRET_KEY: secrets.secret_key,
      ASTRA_JWT_SECRET: secrets.jwt_secret,
      ASTRA_CREDENTIAL_KEYS: secrets.credential_keys,
      ASTRA_VAPID_KEYS: secrets.vapid_keys,
      ASTRA_ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
      ASTRA_FUNCTION_PORT: String(port),
      ...env,
    },
    detached: isWrapped,
    stdin: 'null',
    stdout: 'null',
    stderr: 'null',
  }).spawn()
  const endpoint = `http://127.0.0.1:${port}/mcp-client`
  await answering(`${endpoint}/health`)
  const post: SecondFunction['post'] = (path, { headers, body, signal }) =>
    fetch(`${endpoint}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    })
  const end = async (signal: Deno.Signal) => {
    Deno.kill(isWrapped ? -child.pid : child.pid, signal)
    await child.status
  }
  return {
    async call(person, action, input) {
      const headers = { authorization: `Bearer ${person.token}` }
      const response = await post('', { headers, body: { action, ...input } })
      return { status: response.status, body: await response.json(), headers: response.headers }
    },
    post,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const response = await fetch(url).catch(() => null)
    await response?.body?.cancel()
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the second function does not answer')
}
