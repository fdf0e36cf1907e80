// Servers for the journeys, as processes of their own: the fixtures run in Deno, the journeys in Node.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Starts one of `supabase/tests`; `told` is what it says of itself in its first line. */
export async function startFixture<Told>(
  root: string,
  script: string,
): Promise<{ told: Told; stop: () => Promise<void> }> {
  const child = spawn(join(root, 'node_modules/.bin/deno'), [
    'run',
    '-A',
    '--no-check',
    join('supabase/tests', script),
  ], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume()
    return { told: JSON.parse(line) as Told, stop: () => end(child) }
  }
  throw new Error(`${script} did not start`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
