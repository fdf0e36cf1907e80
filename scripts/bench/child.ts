// Processes of the bench. Each sits on a leash: it ends when the bench ends, however that ends, and by
// its own id when the bench is done with it.

export type Child<Said> = { pid: number; said: Said; stop(): Promise<void> }

type Command = { command: string; args: string[]; env?: Record<string, string>; cwd?: string }

/** Starts a process that is ready when it has printed one line of JSON. Throws when it ends before. */
export async function startTold<Said>(command: Command): Promise<Child<Said>> {
  const child = start({ ...command, stdout: 'piped' })
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
  let said = ''
  while (!said.includes('\n')) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`${command.args.join(' ')} ended before it was ready`)
    said += value
  }
  void drain(reader)
  return { ...held(child), said: JSON.parse(said.slice(0, said.indexOf('\n'))) }
}

/** Starts a process that is ready when `isReady` says so. Throws when it ends before or takes too long. */
export async function startReady(
  command: Command,
  isReady: () => Promise<boolean>,
): Promise<Child<null>> {
  const child = start({ ...command, stdout: 'null' })
  let ended = false
  void child.status.then(() => ended = true)
  const deadline = Date.now() + 20_000
  while (!await isReady().catch(() => false)) {
    if (ended || Date.now() > deadline) {
      await held(child).stop()
      throw new Error(`${command.command} ${command.args[0]} did not become ready`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { ...held(child), said: null }
}

function start({ command, args, env, cwd, stdout }: Command & { stdout: 'piped' | 'null' }) {
  return new Deno.Command(command, {
    args,
    env,
    clearEnv: env !== undefined,
    cwd,
    stdin: 'piped',
    stdout,
    stderr: Deno.env.has('ASTRA_BENCH_LOUD') ? 'inherit' : 'null',
    detached: true,
  }).spawn()
}

function held(child: Deno.ChildProcess) {
  return {
    pid: child.pid,
    async stop() {
      const killer = setTimeout(() => end(child, 'SIGKILL'), 2_000)
      end(child, 'SIGTERM')
      await child.status
      clearTimeout(killer)
    },
  }
}

function end(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal)
  } catch {
    // It had ended already.
  }
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
