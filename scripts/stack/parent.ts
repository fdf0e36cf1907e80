// npm and the Node process that may stand in for Deno do not pass every signal on: when someone ends one
// of those, the stack has to notice by itself, or it would go on unseen.
import process from 'node:process'

const every = 500

/** Whether a command line is the Node process that Deno's npm package may run Deno under. */
export function isWrapper(commandLine: string): boolean {
  return /\bnode\b.*\bdeno\b/.test(commandLine)
}

/**
 * Acts once when the stack was started by npm or under that wrapper, and who started it is gone.
 * Started any other way, a stack may outlive its parent.
 */
export async function whenStarterEnds(act: () => void): Promise<void> {
  const parent = await processOf(Deno.ppid)
  if (!parent) return
  const isNpm = Deno.env.has('npm_lifecycle_event')
  if (!isNpm && !isWrapper(parent.commandLine)) return
  // npm starts a shell which starts Deno: the shell may live on when npm is killed.
  const watched = isNpm ? [parent.pid, parent.parentPid] : [parent.pid]
  const timer = setInterval(() => {
    if (Deno.ppid === parent.pid && watched.every(isAlive)) return
    clearInterval(timer)
    act()
  }, every)
  Deno.unrefTimer(timer)
}

type Process = { pid: number; parentPid: number; commandLine: string }

/** Who a process is; null when it is gone or cannot be asked about. */
async function processOf(pid: number): Promise<Process | null> {
  try {
    return Deno.build.os === 'linux' ? await fromProc(pid) : await fromPs(pid)
  } catch {
    return null
  }
}

async function fromProc(pid: number): Promise<Process> {
  const commandLine = (await Deno.readTextFile(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ')
  // `<pid> (<name>) <state> <parent> …`, where the name may itself hold parentheses.
  const [, parentPid] = (await Deno.readTextFile(`/proc/${pid}/stat`)).replace(/^.*\) /, '').split(
    ' ',
  )
  return { pid, parentPid: Number(parentPid), commandLine }
}

async function fromPs(pid: number): Promise<Process | null> {
  const args = ['-o', 'ppid=', '-o', 'args=', '-p', String(pid)]
  const { stdout } = await new Deno.Command('ps', { args, stderr: 'null' }).output()
  const found = /^\s*(\d+)\s+(.*)/.exec(new TextDecoder().decode(stdout))
  return found && { pid, parentPid: Number(found[1]), commandLine: found[2]! }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
