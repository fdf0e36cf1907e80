// The recording upstream as its observers hold it.
import { startTold } from '../bench/child.ts'
import type { Received } from './upstream.ts'

export type Upstream = {
  origin: string
  /** Every tools/call that has reached it. */
  received(): Promise<Received[]>
}

/** Starts it; what is in `parts` ends it. */
export async function startUpstream(
  parts: AsyncDisposableStack,
  databaseUrl: string,
): Promise<Upstream> {
  const path = new URL('upstream.ts', import.meta.url).pathname
  const child = await startTold<string>({
    command: Deno.execPath(),
    args: ['run', '-A', '--no-check', path, databaseUrl],
  })
  parts.defer(() => child.stop())
  const origin = child.said
  return { origin, received: async () => await (await fetch(`${origin}/received`)).json() }
}
