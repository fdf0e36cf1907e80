// Follows how much memory a process holds, closely enough to see a spike.

export type Watch = { peak(): number; stop(): void }

const pageBytes = 4096
const everyMs = 25

/** Resident bytes of a process and its children: a wrapper may stand before the real one. */
export function residentBytes(pid: number): number {
  const pages = Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0)
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean)
  return children.reduce((sum, child) => sum + residentBytes(Number(child)), pages * pageBytes)
}

export function watchMemory(pid: number): Watch {
  let peak = residentBytes(pid)
  if (peak === 0) throw new Error(`the memory of process ${pid} cannot be read here`)
  const timer = setInterval(() => peak = Math.max(peak, residentBytes(pid)), everyMs)
  return { peak: () => peak = Math.max(peak, residentBytes(pid)), stop: () => clearInterval(timer) }
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path)
  } catch {
    return ''
  }
}
