// A steady load: calls set out at a fixed rate, however long the ones before them take, so that whoever is
// slow is not spared the next one.
export type Steady = { per_second: number; ms: number }

/** Sends `call` at this rate for so long. Resolves when all of them are over; none may throw. */
export async function keepCalling(
  { per_second, ms }: Steady,
  call: (number: number) => Promise<void>,
): Promise<void> {
  const started = performance.now()
  const under_way = new Set<Promise<void>>()
  const most = Math.floor(ms / 1_000 * per_second)
  for (let number = 0; number < most; number++) {
    const due = started + number * 1_000 / per_second
    const early = due - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    const one = call(number).finally(() => under_way.delete(one))
    under_way.add(one)
  }
  await Promise.all(under_way)
}

/** The value that so large a part of them does not exceed; NaN when there are none. */
export function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
}
