// A process of the function that is killed at any moment and is there again as soon as a new one can start.
import { type FarFunction, startFarFunction } from '../bench/far-function.ts'

export type MortalFunction = {
  /** Where the process listens, or the last one did: the next one may listen elsewhere. */
  readonly url: string
  /** Ends the process with SIGKILL. Resolves when there is nothing left of it; another one is starting. */
  kill(): Promise<void>
  /** Resolves when the process that is there, or is starting, is of use. */
  ready(): Promise<void>
  stop(): Promise<void>
}

/** Starts the function of the stack in `folder`, with `project` as its project's address. */
export async function startMortalFunction(
  given: { folder: string; project: string },
): Promise<MortalFunction> {
  let here = await startFarFunction(given)
  let next: Promise<FarFunction> = Promise.resolve(here)
  const replace = async (current: Promise<FarFunction>, gone: () => void) => {
    const dying = await current
    Deno.kill(dying.pid, 'SIGKILL')
    await dying.stop()
    gone()
    return here = await startFarFunction(given)
  }
  return {
    get url() {
      return here.url
    },
    async kill() {
      const gone = Promise.withResolvers<void>()
      // At once, so that whoever sees it die and waits does not wait for the dead.
      next = replace(next, gone.resolve)
      // What keeps it from dying is heard here; what keeps the next one from starting, by who waits for it.
      await Promise.race([gone.promise, next])
    },
    ready: async () => void await next,
    stop: async () => await (await next).stop(),
  }
}
