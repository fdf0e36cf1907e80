// A second process of a stack's function that sees its project from a distance: every request to the
// database and the auth server takes longer. Launched exactly as the stack launches its own.
import { launchFunction } from '../stack/function-child.ts'
import { keepSecrets } from '../stack/secrets.ts'
import { readSettings } from '../stack/settings.ts'
import { type Child, startReady } from './child.ts'

export type FarFunction = Child<null> & { url: string }

/** Starts the function of the stack in `folder` with `project` as its project's address. */
export async function startFarFunction(
  { folder, project, entry, variables }: {
    folder: string
    project: string
    entry?: string
    /** What an operator would set besides. */
    variables?: Record<string, string>
  },
): Promise<FarFunction> {
  const chosen: Record<string, string | undefined> = {
    ...variables,
    ASTRA_DATA: folder,
    ASTRA_ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
    ASTRA_STACK_FUNCTION: entry,
  }
  const settings = { ...readSettings([], (name) => chosen[name]), url: project }
  const address = { port: null as number | null }
  const secrets = await keepSecrets(folder)
  const launch = launchFunction({ settings, secrets, demoHosts: [], address })
  const url = `http://127.0.0.1:${address.port}/mcp-client`
  const child = await startReady(launch, async () => {
    const answer = await fetch(`${url}/health`)
    await answer.body?.cancel()
    return answer.ok
  })
  return { ...child, url }
}
