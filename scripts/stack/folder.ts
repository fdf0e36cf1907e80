// The folder that holds everything a stack keeps (ASTRA_DATA): private to its owner, used by one
// stack at a time. Knows the name of every file the stack makes there, so that a reset removes
// those and nothing else.
import { join } from 'node:path'
import { reasonOf, StartProblem } from './problem.ts'

/** Everything the stack ever writes into its folder. */
export const kept = {
  database: 'database',
  secrets: 'secrets.json',
  demo: 'demo.json',
  state: 'state.json',
  logs: 'logs',
  lock: 'stack.lock',
  rotation: 'rotation.lock',
} as const

export type Hold = { release(): void }

/** Creates the folder (0700) and proves that it can be read and written. Throws StartProblem. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 })
    await Deno.mkdir(join(folder, kept.logs), { recursive: true, mode: 0o700 })
    const probe = join(folder, `${kept.state}.probe`)
    await Deno.writeTextFile(probe, '', { mode: 0o600 })
    await Deno.remove(probe)
    for await (const _ of Deno.readDir(folder)) break
  } catch (thrown) {
    throw new StartProblem(`cannot read and write the data folder ${folder}: ${reasonOf(thrown)}`)
  }
}

/**
 * Takes the folder for this process, or one of its other locks. The kernel gives it back when the process
 * ends, however it ends. Gives null when another process holds it. Throws StartProblem when the lock
 * cannot be opened.
 */
export async function holdFolder(
  folder: string,
  lock: typeof kept.lock | typeof kept.rotation = kept.lock,
): Promise<Hold | null> {
  const path = join(folder, lock)
  try {
    const file = await Deno.open(path, { create: true, write: true, mode: 0o600 })
    if (await file.tryLock(true)) return { release: () => file.close() }
    file.close()
    return null
  } catch (thrown) {
    throw new StartProblem(`cannot lock the data folder ${folder}: ${reasonOf(thrown)}`)
  }
}

/** Writes a private file (0600) whole or not at all. */
export async function writePrivate(path: string, content: string): Promise<void> {
  const draft = `${path}.draft`
  await Deno.writeTextFile(draft, content, { mode: 0o600 })
  await Deno.chmod(draft, 0o600)
  await Deno.rename(draft, path)
}

/** Reads a JSON file; null when there is none. Throws StartProblem when it is there but unreadable. */
export async function readKept(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path))
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return null
    throw new StartProblem(`cannot read ${path}: ${reasonOf(thrown)}`)
  }
}

/** Whether a path exists, as whatever it is. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path)
    return true
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return false
    throw thrown
  }
}

/** Takes everyone else's rights from every file below a folder. */
export async function makePrivate(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name)
    if (isDirectory) await makePrivate(path)
    else await Deno.chmod(path, 0o600)
  }
}
