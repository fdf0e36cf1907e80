// Starts the stack's own command for tests that look at the process itself: what it prints, which files
// and processes it leaves. Everything in a temporary folder and on a free port.
import { join } from 'node:path'

const root = new URL('../../../', import.meta.url).pathname

export type Launched = {
  child: Deno.ChildProcess
  port: number
  folder: string
  /** Resolves with the first line that matches; rejects when the process ends without one. */
  line(pattern: RegExp): Promise<string>
  /** Everything printed so far. */
  printed(): { stdout: string; stderr: string }
  /** What `npm run status` says of it. */
  status(): Promise<Status>
  /** Signals the process and waits for its end; gives its exit code. */
  stop(signal?: Deno.Signal): Promise<number>
}
export type Status = {
  url: string
  publishable_key: string
  secret_key: string
  function_url: string
  pids: Record<string, number>
  demo: { emails: string[]; password: string; teams: Record<string, string> } | null
}
type Chosen = {
  env?: Record<string, string>
  folder?: string
  port?: number
  /** How to start it; the script itself when not given. */
  command?: [string, ...string[]]
}

const script = ['run', '-A', '--no-check', join(root, 'scripts/stack.ts')]

/** A function that stands in for the real one where a test is about the stack alone. */
const standIn = join(root, 'supabase/tests/stack/stand-in.ts')
/** Environment for a stack without demo, web app or the real function. */
export const bare = { ASTRA_DEMO: 'off', ASTRA_WEB: 'off', ASTRA_STACK_FUNCTION: standIn }

/** Starts the command and returns at once. */
export function launch(
  { env = {}, folder, port = freePort(), command = [Deno.execPath(), ...script] }: Chosen = {},
): Launched {
  const own = folder ?? temporaryFolder()
  const environment = { ASTRA_PORT: String(port), ASTRA_DATA: own, ...env }
  const [program, ...args] = command
  const child = new Deno.Command(program, {
    args,
    cwd: root,
    env: environment,
    stdin: 'null',
    stdout: 'piped',
    stderr: 'piped',
  }).spawn()
  const text = { stdout: '', stderr: '' }
  const heard = new EventTarget()
  const listen = async (name: 'stdout' | 'stderr') => {
    for await (const part of child[name].pipeThrough(new TextDecoderStream())) {
      text[name] += part
      heard.dispatchEvent(new Event('said'))
    }
  }
  const silent = Promise.all([listen('stdout'), listen('stderr')])
  return {
    child,
    port,
    folder: own,
    printed: () => ({ ...text }),
    line(pattern) {
      const found = () =>
        `${text.stdout}\n${text.stderr}`.split('\n').find((line) => pattern.test(line))
      return new Promise((resolve, reject) => {
        const look = () => void (found() !== undefined && resolve(found()!))
        heard.addEventListener('said', look)
        look()
        void silent.then(() =>
          reject(new Error(`ended without ${pattern}:\n${text.stdout}${text.stderr}`))
        )
      })
    },
    async status() {
      const { stdout, stderr } = await runScript('stack/status.ts', environment)
      if (stdout === '') throw new Error(stderr)
      return JSON.parse(stdout)
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const { code } = await child.status
      await silent
      return code
    },
  }
}

function temporaryFolder(): string {
  const folder = Deno.makeTempDirSync({ prefix: 'astra-stack-' })
  globalThis.addEventListener('unload', () => Deno.removeSync(folder, { recursive: true }))
  return folder
}

/** Starts the command and waits until it is ready. */
export async function launchReady(chosen: Chosen = {}): Promise<Launched> {
  const stack = launch(chosen)
  await stack.line(/^Astra is ready at /)
  return stack
}

/** Runs a start that is expected to fail; gives its exit code and what it said. */
export async function refusedStart(
  chosen: Chosen,
): Promise<{ code: number; stderr: string; stdout: string }> {
  const { child, printed, line } = launch(chosen)
  const ended = line(/^Astra is ready/).then(() => child.kill('SIGKILL'), () => {})
  const { code } = await child.status
  await ended
  return { code, ...printed() }
}

/** Runs one of the stack's scripts to its end. */
export async function runScript(name: string, env: Record<string, string>, more: string[] = []) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-check', join(root, 'scripts', name), ...more],
    env,
    stdin: 'null',
  }).output()
  const decoder = new TextDecoder()
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) }
}

/** Whether a process is there and running; one that only waits to be collected is not. */
export async function isRunning(pid: number): Promise<boolean> {
  const state = Deno.build.os === 'linux' ? await stateFromProc(pid) : await stateFromPs(pid)
  return state !== '' && !state.startsWith('Z')
}

async function stateFromProc(pid: number): Promise<string> {
  try {
    return (await Deno.readTextFile(`/proc/${pid}/stat`)).replace(/^.*\) /, '')
  } catch {
    return ''
  }
}

async function stateFromPs(pid: number): Promise<string> {
  const { stdout } = await new Deno.Command('ps', { args: ['-o', 'stat=', '-p', String(pid)] })
    .output()
  return new TextDecoder().decode(stdout).trim()
}

/** Asks until the answer is yes; fails after ten seconds, unless it may take longer. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  most_ms = 10_000,
): Promise<void> {
  const last = performance.now() + most_ms
  while (!await holds()) {
    if (performance.now() > last) throw new Error(`never: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export function freePort(): number {
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const { port } = listener.addr
  listener.close()
  return port
}
