// A second process of the function beside the running stack's own: what a platform with many isolates does.
// Same database, same keys, another memory.
import { freePort } from '../upstreams/everything.ts'
import type { Answer, Person } from '../running-stack.ts'
import { stack } from './the-stack.ts'

export type SecondFunction = {
  /** POSTs an operation to this process. */
  call(person: Person, action: string, input: Record<string, unknown>): Promise<Answer>
  stop(): Promise<void>
}

const entry = new URL('../../functions/mcp-client/index.ts', import.meta.url).pathname

export async function startSecondFunction(): Promise<SecondFunction> {
  const secrets = JSON.parse(await Deno.readTextFile(`${stack.folder}/secrets.json`))
  const port = await freePort()
  const child = new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-check', entry],
    env: {
      SUPABASE_URL: stack.url,
      SUPABASE_PUBLISHABLE_KEY: secrets.publishable_key,
      SUPABASE_SECRET_KEY: secrets.secret_key,
      ASTRA_JWT_SECRET: secrets.jwt_secret,
      ASTRA_CREDENTIAL_KEYS: secrets.credential_keys,
      ASTRA_ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
      ASTRA_FUNCTION_PORT: String(port),
    },
    stdin: 'null',
    stdout: 'null',
    stderr: 'null',
  }).spawn()
  const endpoint = `http://127.0.0.1:${port}/mcp-client`
  await answering(`${endpoint}/health`)
  return {
    async call(person, action, input) {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          Authorization: `Bearer ${person.token}`,
        },
        body: JSON.stringify({ action, ...input }),
      })
      return { status: response.status, body: await response.json(), headers: response.headers }
    },
    async stop() {
      child.kill('SIGTERM')
      await child.status
    },
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
