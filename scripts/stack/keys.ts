// New sealing keys for a running stack: `npm run rotate-keys` writes them into the folder and says so with
// SIGUSR2; from here they go on to the function, which takes them up between two requests.
import { reasonOf } from './problem.ts'
import { keepSecrets, type Secrets } from './secrets.ts'

export const newKeysSignal: Deno.Signal = 'SIGUSR2'

type Given = {
  /** What the function's next start reads; kept up to date. */
  secrets: Secrets
  tellFunction(keys: string): Promise<void>
  say(line: string): void
}

/** Follows the folder's sealing keys until the function it gives is called. */
export function followKeys(folder: string, { secrets, tellFunction, say }: Given): () => void {
  let last = Promise.resolve()
  const take = async () => {
    const { credential_keys } = await keepSecrets(folder)
    secrets.credential_keys = credential_keys
    await tellFunction(credential_keys)
  }
  const heard = () => {
    last = last.then(take).catch((thrown) => say(`New sealing keys: ${reasonOf(thrown)}`))
  }
  Deno.addSignalListener(newKeysSignal, heard)
  return () => Deno.removeSignalListener(newKeysSignal, heard)
}
