// The provider of scripted models, as a process of its own: it runs in Deno, the journeys in Node.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Once for a run. `host` is where it listens. */
export async function startModels(
  root: string,
): Promise<{ host: string; stop: () => Promise<void> }> {
  const child = spawn(join(root, 'node_modules/.bin/deno'), [
    'run',
    '-A',
    '--no-check',
    'supabase/tests/models/provider-child.ts',
  ], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  const stop = () => end(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const { host } = JSON.parse(line) as { host: string }
    child.stdout.resume()
    return { host, stop }
  }
  throw new Error('The scripted models did not start')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
