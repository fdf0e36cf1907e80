// Processor time of processes, and what machine this is. Read from /proc: where there is none, the
// measurement says that it has no processor times instead of guessing.

/** Ticks per second of /proc/<pid>/stat: 100 on every Linux in use. */
const ticks = 100

/** Microseconds of processor time a process has used so far; NaN where there is none or it cannot be read. */
export function usedBy(pid: number | undefined): number {
  return pid === undefined ? NaN : usedByOne(pid)
}

function usedByOne(pid: number): number {
  try {
    const fields = fieldsOf(pid)
    // utime, stime, and those of children that have ended and been waited for.
    const spent = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return spent / ticks * 1_000_000
  } catch {
    return NaN
  }
}

/** The fields after the command's name, which may itself hold spaces and brackets. */
function fieldsOf(pid: number): string[] {
  const line = Deno.readTextFileSync(`/proc/${pid}/stat`)
  return line.slice(line.lastIndexOf(')') + 2).split(' ')
}

/** Microseconds used by a process and everything it ever started, as far as it still runs or was waited for. */
export function usedByTree(root: number): number {
  const parents = everyone()
  const belongs = (pid: number): boolean => {
    const parent = parents.get(pid)
    return pid === root || (parent !== undefined && belongs(parent))
  }
  const used = [...parents.keys()].filter(belongs).map(usedByOne)
  // One that ended meanwhile is in the account of whoever waited for it.
  return used.filter((one) => !Number.isNaN(one)).reduce((sum, one) => sum + one, 0)
}

/** Every process and its parent. Empty where /proc cannot tell. */
function everyone(): Map<number, number> {
  try {
    const pids = [...Deno.readDirSync('/proc')].map(({ name }) => Number(name))
    return new Map(pids.filter((pid) => pid > 0).map((pid) => [pid, parentOf(pid) ?? 0]))
  } catch {
    return new Map()
  }
}

/** Starts to watch the machine: gives the share of its processors that others used since, from 0 to 1. */
export function watchOthers(): () => number {
  const before = { ...total(), own: usedByTree(Deno.pid) }
  return () => {
    const now = { ...total(), own: usedByTree(Deno.pid) }
    const others = now.busy - before.busy - (now.own - before.own)
    return Math.max(0, others / (now.all - before.all))
  }
}

/** Microseconds of all processors together. NaN where /proc cannot tell. */
function total(): { busy: number; all: number } {
  try {
    const line = Deno.readTextFileSync('/proc/stat').split('\n')[0]!
    const spent = line.split(/\s+/).slice(1, 9).map((part) => Number(part) / ticks * 1_000_000)
    const all = spent.reduce((sum, one) => sum + one, 0)
    return { all, busy: all - spent[3]! - spent[4]! }
  } catch {
    return { all: NaN, busy: NaN }
  }
}

/** The parent of a process, or null when it is gone. */
export function parentOf(pid: number): number | null {
  try {
    return Number(fieldsOf(pid)[1])
  } catch {
    return null
  }
}

export type Machine = {
  cpu: string
  cores: number
  memory_gb: number
  os: string
  deno: string
  load: number[]
}

export function machine(): Machine {
  return {
    cpu: modelName(),
    cores: navigator.hardwareConcurrency,
    memory_gb: Math.round(Deno.systemMemoryInfo().total / 2 ** 30),
    os: `${Deno.build.os} ${Deno.osRelease()} ${Deno.build.arch}`,
    deno: Deno.version.deno,
    load: Deno.loadavg().map((one) => Math.round(one * 100) / 100),
  }
}

function modelName(): string {
  try {
    const said = Deno.readTextFileSync('/proc/cpuinfo')
    return /^model name\s*:\s*(.+)$/m.exec(said)?.[1] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
