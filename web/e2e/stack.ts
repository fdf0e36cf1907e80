// Before the run: a Chromium, and one stack of its own on a free port with an empty data folder. Both end with it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { type SignInServers, startSignInServers } from './authorization.ts'
import { findChromium } from './chromium.ts'
import { startFixture } from './fixture-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The origin everything is served from. */
    url: string
    /** The browser's program. */
    chromium: string
    /** Servers that want a sign-in first. */
    signIn: SignInServers
    /** The MCP address of a server whose tools give back one of everything. */
    results: string
    /** Addresses the stack may call: a journey may listen at the first, nobody ever does at the second. */
    receiver: string
    nobody: string
    /** Where scripted models are asked: an address the stack may call. */
    models: string
    /** The same for a journey that is a push service. */
    pushes: string
    /** Where a journey may be a server itself, one journey at a time. */
    upstream: string
    /** Acts past every rule: to set a scene no person could. */
    secretKey: string
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string | null = null
let stack: ChildProcess | null = null
let stopFixtures: (() => Promise<unknown>) | null = null

export async function setup(project: TestProject): Promise<void> {
  const chromium = await findChromium()
  folder = await mkdtemp(join(tmpdir(), 'astra-journeys-'))
  const port = await freePort()
  const signIn = await startSignInServers(root)
  const models = await startFixture<{ host: string }>(root, 'models/provider-child.ts')
  const results = await startFixture<{ url: string; host: string }>(
    root,
    'upstreams/results-child.ts',
  )
  stopFixtures = () => Promise.all([signIn.stop(), models.stop(), results.stop()])
  const [receiver, nobody, pushes] = [await freeHost(), await freeHost(), await freeHost()]
  const upstream = await freeHost()
  stack = start(port, {
    data: folder,
    hosts: [
      ...signIn.hosts,
      results.told.host,
      models.told.host,
      receiver,
      nobody,
      pushes,
      upstream,
    ],
  })
  await ready(stack).catch(async (reason) => {
    await teardown()
    throw reason
  })
  project.provide('url', `http://127.0.0.1:${port}`)
  project.provide('chromium', chromium)
  project.provide('signIn', signIn.servers)
  project.provide('results', results.told.url)
  project.provide('receiver', `http://${receiver}`)
  project.provide('nobody', `http://${nobody}`)
  project.provide('models', `http://${models.told.host}`)
  project.provide('pushes', `http://${pushes}`)
  project.provide('upstream', `http://${upstream}`)
  project.provide('secretKey', secretKeyIn(folder))
}

function secretKeyIn(data: string): string {
  const deno = join(root, 'node_modules/.bin/deno')
  const env = { ...process.env, ASTRA_DATA: data }
  const status = execFileSync(deno, ['run', '-A', 'scripts/stack/status.ts'], { cwd: root, env })
  return (JSON.parse(status.toString()) as { secret_key: string }).secret_key
}

export async function teardown(): Promise<void> {
  if (stack?.exitCode === null) {
    const ended = once(stack, 'exit')
    stack.kill('SIGTERM')
    await ended
  }
  await stopFixtures?.()
  if (folder) await rm(folder, { recursive: true, force: true })
}

function start(port: number, { data, hosts }: { data: string; hosts: string[] }): ChildProcess {
  // Nothing an operator has set may reach the stack under test, nor what Vitest tells its own workers.
  const inherited = Object.entries(process.env).filter(([name]) =>
    !/^(ASTRA_|VITE|NODE_ENV$|MODE$|PROD$|DEV$|SSR$|TEST$|BASE_URL$)/.test(name)
  )
  return spawn(join(root, 'node_modules/.bin/deno'), ['run', '-A', 'scripts/stack.ts'], {
    cwd: root,
    env: {
      ...Object.fromEntries(inherited),
      ASTRA_PORT: String(port),
      ASTRA_DATA: data,
      ASTRA_ALLOWED_PRIVATE_HOSTS: hosts.join(','),
      ASTRA_MODEL_PROVIDER: 'router',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Resolves with the ready line; rejects with what the stack said when it ends before. */
async function ready(child: ChildProcess): Promise<void> {
  const said: string[] = []
  child.on('error', (error) => said.push(error.message))
  child.stderr!.on('data', (chunk) => said.push(String(chunk)))
  for await (const line of createInterface({ input: child.stdout! })) {
    said.push(line)
    if (!line.startsWith('Astra is ready')) continue
    child.stdout!.resume()
    return
  }
  throw new Error(`The stack did not start:\n${said.join('\n')}`)
}

const freeHost = async () => `127.0.0.1:${await freePort()}`

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address === 'string') throw new Error('No free port could be had')
  return address.port
}
