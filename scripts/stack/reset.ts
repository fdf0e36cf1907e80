// `npm run reset`: removes what the stack keeps in its folder, so that the next start is a first one.
// Refuses while a stack uses the folder. Removes nothing that the stack did not make.
import { join } from 'node:path'
import { exists, holdFolder, kept } from './folder.ts'
import { reasonOf, StartProblem } from './problem.ts'
import { readSettings } from './settings.ts'

/** Empties a stack's folder and removes it when nothing else is in it; false when there is none. Throws StartProblem. */
async function resetFolder(folder: string): Promise<boolean> {
  if (!await exists(folder)) return false
  const hold = await holdFolder(folder)
  if (!hold) throw new StartProblem('Astra is running on this folder; stop it first')
  try {
    for (const name of Object.values(kept)) {
      const path = join(folder, name)
      if (await exists(path)) await Deno.remove(path, { recursive: true })
    }
  } finally {
    hold.release()
  }
  const left = await Array.fromAsync(Deno.readDir(folder))
  if (left.length === 0) await Deno.remove(folder)
  return true
}

if (import.meta.main) {
  try {
    const { folder, databaseUrl } = readSettings([])
    const removed = await resetFolder(folder)
    console.log(removed ? `Removed what Astra kept in ${folder}` : `There is nothing in ${folder}`)
    if (databaseUrl) console.log('The database at ASTRA_DATABASE_URL was not touched')
  } catch (thrown) {
    console.error(`Nothing was reset: ${reasonOf(thrown)}`)
    Deno.exit(1)
  }
}
