// Servers that want a sign-in, each behind an authorization server of its own, as a process of their own:
// the fixture runs in Deno, the journeys in Node.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The MCP address of each. */
export type SignInServers = {
  /** Consents at once; what it gives renews itself. */
  willing: string
  /** Declines every sign-in. */
  declining: string
  /** Its token ends in three days, and nothing renews it. */
  ending: string
}

type Running = { servers: SignInServers; hosts: string[]; stop: () => Promise<void> }

export async function startSignInServers(root: string): Promise<Running> {
  const child = spawn(join(root, 'node_modules/.bin/deno'), [
    'run',
    '-A',
    '--no-check',
    'supabase/tests/upstreams/authorization-child.ts',
  ], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  const stop = () => end(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const { servers, hosts } = JSON.parse(line) as Omit<Running, 'stop'>
    child.stdout.resume()
    return { servers, hosts, stop }
  }
  throw new Error('The servers that want a sign-in did not start')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
