// The web app at `/`: built when there is no build or its sources are newer, or served live by Vite
// while developing, through the same origin.
import { join } from 'node:path'
import type { Launch } from './child.ts'
import { exists } from './folder.ts'
import type { LogFile } from './log-file.ts'
import { StartProblem } from './problem.ts'
import { nodePath } from './upstreams.ts'

const sources = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/vite.config.ts',
  'web/package.json',
  'shared',
]

/** Where the built app is. */
export function builtFolder(root: string): string {
  return join(root, 'web/dist')
}

/** Builds the web app when that is needed. Throws StartProblem when it cannot be built. */
export async function buildWeb(
  root: string,
  { log, say }: { log: LogFile; say(line: string): void },
): Promise<void> {
  const built = await newest(join(builtFolder(root), 'index.html'))
  const changed = Math.max(...await Promise.all(sources.map((path) => newest(join(root, path)))))
  if (built > changed) return
  say('Building the web app')
  const { success, stdout, stderr } = await new Deno.Command(nodePath(), {
    args: [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    cwd: join(root, 'web'),
    // Whatever started the stack: people get React as it is meant to run.
    env: { NODE_ENV: 'production' },
    stdin: 'null',
    stdout: 'piped',
    stderr: 'piped',
  }).output()
  log.write(stdout)
  log.write(stderr)
  if (success) return
  if (built === 0) {
    throw new StartProblem('the web app could not be built; see logs/web.log in the data folder')
  }
  say(
    'The web app could not be built again, so the build before is served; see logs/web.log in the data folder',
  )
}

/** The newest change below a path, in milliseconds; 0 when there is nothing. */
async function newest(path: string): Promise<number> {
  if (!await exists(path)) return 0
  const { isDirectory, mtime } = await Deno.stat(path)
  const times = [mtime?.getTime() ?? 0]
  if (isDirectory) {
    for await (const { name } of Deno.readDir(path)) times.push(await newest(join(path, name)))
  }
  return Math.max(...times)
}

/** The command for Vite's development server on a port. */
export function launchVite(root: string, { port, url }: { port: number; url: string }): Launch {
  return {
    command: nodePath(),
    args: ['--import', join(root, 'scripts/stack/leash.mjs'), join(root, 'scripts/stack/vite.mjs')],
    env: { ...Deno.env.toObject(), ASTRA_VITE_PORT: String(port), ASTRA_STACK_URL: url },
    cwd: join(root, 'web'),
  }
}

/** Gives the handler that passes requests on to Vite. Its hot reload connects to Vite's own port. */
export function proxyTo(port: number): (request: Request, url: URL) => Promise<Response> {
  return async (request, url) => {
    const headers = new Headers(request.headers)
    headers.set('accept-encoding', 'identity')
    headers.delete('host')
    headers.delete('connection')
    const { method, body, signal } = request
    const target = `http://127.0.0.1:${port}${url.pathname}${url.search}`
    return await fetch(target, { method, headers, body, signal, redirect: 'manual' })
  }
}
