// One child process that should always be there: started, watched, started again with growing pauses
// when it ends by itself, and ended with the stack. Refuses to start anything once it is being stopped.
import type { LogFile } from './log-file.ts'

export type Launch = { command: string; args: string[]; env: Record<string, string>; cwd: string }

export type ChildPlan = {
  name: string
  /** Decided anew for every start, so that a port may change. */
  launch(): Launch
  /** Whether the process that was launched is of use yet. */
  isReady(): Promise<boolean>
  log: LogFile
  /** Also shows the child's output in the terminal. */
  show: boolean
  say(line: string): void
  /** Called with each new process id. */
  onStart?(pid: number): void
}

export type Child = {
  readonly pid: number
  /** Resolves when the child is of use, rejects when it keeps ending before it ever was. */
  readonly ready: Promise<void>
  /** Writes a line to its standard input. One that has just ended hears nothing: its next start tells it. */
  tell(line: string): Promise<void>
  /** Ends the process: politely, then not. */
  stop(): Promise<void>
}

const shortestPause = 250
const longestPause = 10_000
/** A child that lived this long was healthy: its next pause starts small again. */
const healthyAfter = 30_000
const triesBeforeFirstReady = 5
const patience = 3_000

/** Starts a child and keeps it running until it is stopped. */
export function keepChild(plan: ChildPlan): Child {
  const readiness = Promise.withResolvers<void>()
  readiness.promise.catch(() => {})
  const stopping = new AbortController()
  let wasReady = false
  let process = spawn(plan)

  const watch = async () => {
    for (let failures = 0; !stopping.signal.aborted;) {
      const startedAt = performance.now()
      const became = untilReady(plan, process).then((ready) => {
        if (!ready) return
        wasReady = true
        readiness.resolve()
      })
      const { code, signal } = await process.status
      await became
      if (stopping.signal.aborted) return
      failures = performance.now() - startedAt > healthyAfter ? 1 : failures + 1
      const ending = signal ?? `code ${code}`
      if (!wasReady && failures >= triesBeforeFirstReady) {
        readiness.reject(new Error(`${plan.name} ended ${failures} times (${ending})`))
        return
      }
      const pause = Math.min(shortestPause * 2 ** (failures - 1), longestPause)
      plan.say(`${plan.name} ended (${ending}); starting it again in ${pause / 1000} s`)
      await sleep(pause, stopping.signal)
      if (!stopping.signal.aborted) process = spawn(plan)
    }
  }
  const watching = watch()

  return {
    get pid() {
      return process.pid
    },
    ready: readiness.promise,
    tell: (line) => write(process.stdin, `${line}\n`),
    async stop() {
      stopping.abort()
      readiness.reject(new Error(`${plan.name} was stopped`))
      await end(process)
      await watching
    },
  }
}

function spawn({ launch, log, show, onStart }: ChildPlan): Deno.ChildProcess {
  const { command, args, env, cwd } = launch()
  const process = new Deno.Command(command, {
    args,
    cwd,
    env,
    clearEnv: true,
    stdin: 'piped',
    stdout: 'piped',
    stderr: 'piped',
    // Its own process group: Ctrl-C reaches the stack alone, which ends its children in order.
    detached: true,
  }).spawn()
  for (const stream of [process.stdout, process.stderr]) void drain(stream, log, show)
  onStart?.(process.pid)
  return process
}

async function write(stream: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stream.getWriter()
  await writer.write(new TextEncoder().encode(text)).catch(() => {})
  writer.releaseLock()
}

async function drain(
  stream: ReadableStream<Uint8Array>,
  log: LogFile,
  show: boolean,
): Promise<void> {
  for await (const part of stream) {
    log.write(part)
    if (show) Deno.stderr.writeSync(part)
  }
}

async function untilReady(plan: ChildPlan, process: Deno.ChildProcess): Promise<boolean> {
  let ended = false
  void process.status.then(() => ended = true)
  while (!ended) {
    if (await plan.isReady()) return !ended
    await sleep(40)
  }
  return false
}

async function end(process: Deno.ChildProcess): Promise<void> {
  const killer = setTimeout(() => kill(process, 'SIGKILL'), patience)
  kill(process, 'SIGTERM')
  await process.status
  clearTimeout(killer)
}

/** Signals the whole group, so that a child behind a wrapper gets it too. */
function kill({ pid }: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    Deno.kill(-pid, signal)
  } catch {
    // It had ended already.
  }
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
