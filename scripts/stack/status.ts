// `npm run --silent status`: what the running stack is, as JSON; exit 1 when it does not run.
import { reasonOf } from './problem.ts'
import { readSettings } from './settings.ts'
import { readState } from './state.ts'

try {
  const found = await readState(readSettings([]).folder)
  if ('missing' in found) throw new Error(found.missing)
  console.log(JSON.stringify(found, null, 2))
} catch (thrown) {
  console.error(reasonOf(thrown))
  Deno.exit(1)
}
