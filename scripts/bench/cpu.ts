// Processor time of processes, and what machine this is. Read from /proc: where there is none, the
// measurement says that it has no processor times instead of guessing.

/** Ticks per second of /proc/<pid>/stat: 100 on every Linux in use. */
const ticks = 100

/** Microseconds of processor time these processes have used so far; NaN where that cannot be read. */
export function usedBy(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + usedByOne(pid), 0)
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

/** A process and all its children; alone where /proc cannot tell. */
export function familyOf(pid: number): number[] {
  try {
    const children = [...Deno.readDirSync('/proc')]
      .map(({ name }) => Number(name))
      .filter((one) => one > 0 && parentOf(one) === pid)
    return [pid, ...children]
  } catch {
    return [pid]
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
