// The named peer: mcp-hub, which has no accounts and no database. Installed into a cache folder, never
// into the repository; where it cannot be had the bench says so and goes on without it.
import { join } from 'node:path'
import { nodePath } from '../stack/upstreams.ts'
import { freePort } from '../stack/ports.ts'
import { type Child, startReady } from './child.ts'
import { expectEcho } from './direct.ts'
import type { Contender } from './load.ts'
import { postJson } from './post.ts'

const packaged = 'mcp-hub@4.2.1'

export type Hub = { contender: Contender; stop(): Promise<void> }

/** Starts it in front of one upstream. Throws when it cannot be installed or does not start. */
export async function startHub(upstream: string): Promise<Hub> {
  const entry = await findHub()
  const folder = await Deno.makeTempDir({ prefix: 'astra-bench-hub-' })
  const config = join(folder, 'servers.json')
  await Deno.writeTextFile(config, JSON.stringify({ mcpServers: { bench: { url: upstream } } }))
  const port = freePort()
  const script = (name: string) => new URL(`../stack/${name}`, import.meta.url).pathname
  const child = await startReady({
    command: nodePath(),
    args: [
      ...['leash.mjs', 'loopback.mjs'].flatMap((name) => ['--import', script(name)]),
      entry,
      ...['--port', String(port), '--config', config],
    ],
    // Its logs and caches go with the folder.
    env: { HOME: folder, PATH: Deno.env.get('PATH') ?? '' },
    cwd: folder,
  }, () => isConnected(port))
  return { contender: callerOf(child, port), stop: () => stop(child, folder) }
}

async function stop(child: Child<null>, folder: string): Promise<void> {
  await child.stop()
  await Deno.remove(folder, { recursive: true })
}

function callerOf({ pid }: Child<null>, port: number): Contender {
  return {
    name: packaged.replace('@', ' '),
    processes: { peer: pid },
    async call(text) {
      const { result } = await postJson(`http://127.0.0.1:${port}/api/servers/tools`, {
        body: { server_name: 'bench', tool: 'echo', arguments: { text } },
      })
      expectEcho(result?.content, text)
    },
  }
}

async function isConnected(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/servers`)
  const { servers } = await answer.json()
  return servers?.[0]?.status === 'connected'
}

async function findHub(): Promise<string> {
  const folder = join(cacheFolder(), packaged.replace(/[^\w.-]/g, '-'))
  const entry = join(folder, 'node_modules/mcp-hub/dist/cli.js')
  if (await exists(entry)) return entry
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts']
  const { success, stderr } = await new Deno.Command('npm', {
    args: ['install', '--prefix', folder, ...flags, packaged],
    stdin: 'null',
    stdout: 'null',
    stderr: 'piped',
  }).output()
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim().slice(-300))
  return entry
}

function cacheFolder(): string {
  const home = Deno.env.get('XDG_CACHE_HOME') ?? join(Deno.env.get('HOME') ?? '/tmp', '.cache')
  return join(home, 'astra')
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false)
}
