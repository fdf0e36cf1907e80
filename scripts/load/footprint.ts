// How much a process holds over time: memory and file descriptors, read from /proc.
import { residentBytes } from '../../supabase/tests/function/memory.ts'
import { median } from '../bench/goals.ts'

export type Sample = { seconds: number; mib: number }
export type Footprint = {
  /** Oldest first, one every `every_ms`. */
  samples: Sample[]
  stop(): void
}

/** Starts to watch a process. Throws where its memory cannot be read. */
export function watchFootprint(pid: number, every_ms: number): Footprint {
  const started = performance.now()
  const samples: Sample[] = []
  const look = () => {
    const seconds = (performance.now() - started) / 1_000
    samples.push({ seconds, mib: residentBytes(pid) / 2 ** 20 })
  }
  look()
  if (samples[0]!.mib === 0) throw new Error(`the memory of process ${pid} cannot be read`)
  const timer = setInterval(look, every_ms)
  return { samples, stop: () => clearInterval(timer) }
}

export function openFiles(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length
}

/** How much a line through the samples rises in ten minutes, as a share of their median. */
export function riseInTenMinutes(samples: Sample[]): number {
  const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length
  const [at, middle] = [
    mean(samples.map(({ seconds }) => seconds)),
    mean(samples.map(({ mib }) => mib)),
  ]
  const spread = samples.reduce((sum, { seconds }) => sum + (seconds - at) ** 2, 0)
  const together = samples.reduce(
    (sum, { seconds, mib }) => sum + (seconds - at) * (mib - middle),
    0,
  )
  return together / spread * 600 / median(samples.map(({ mib }) => mib))
}
