// What a running stack tells about itself, for `npm run status`: a private file that is there while it
// runs. The lock on the folder, not the file, is what says that a stack runs.
import { join } from 'node:path'
import { z } from 'zod'
import { demoEmails, demoPassword, demoTeams } from './demo.ts'
import { exists, holdFolder, kept, readKept, writePrivate } from './folder.ts'

const state = z.object({
  url: z.string(),
  publishable_key: z.string(),
  secret_key: z.string(),
  function_url: z.string(),
  pids: z.looseObject({ stack: z.number() }),
  demo: z.object({
    emails: z.array(z.string()),
    password: z.string(),
    teams: z.record(z.string(), z.string()),
  }).nullable(),
})
export type StackState = z.infer<typeof state>

export const demoState = {
  emails: [...demoEmails],
  password: demoPassword,
  teams: { ...demoTeams },
}

/** Writes the state of the running stack. */
export async function writeState(folder: string, current: StackState): Promise<void> {
  await writePrivate(join(folder, kept.state), `${JSON.stringify(current, null, 2)}\n`)
}

/** Takes the state away when the stack ends. */
export async function removeState(folder: string): Promise<void> {
  const path = join(folder, kept.state)
  if (await exists(path)) await Deno.remove(path)
}

/** The state of the stack that runs on a folder, or why there is none. */
export async function readState(folder: string): Promise<StackState | { missing: string }> {
  if (!await exists(join(folder, kept.lock))) return { missing: 'Astra is not running' }
  const hold = await holdFolder(folder)
  hold?.release()
  if (hold) return { missing: 'Astra is not running' }
  const found = await readKept(join(folder, kept.state))
  if (found === null) return { missing: 'Astra is starting' }
  const current = state.parse(found)
  return isAlive(current.pids.stack) ? current : { missing: 'Astra is starting' }
}

function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, 'SIGCONT')
    return true
  } catch (thrown) {
    return thrown instanceof Deno.errors.PermissionDenied
  }
}
