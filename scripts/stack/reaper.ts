// Closes executions that a worker left open when it died, every half minute: hosted, the database's own
// scheduler does this.
import type { Run } from './database.ts'

const every = 30_000

/** Starts the reaper; gives what ends it. */
export function startReaper(run: Run, report: (thrown: unknown) => void): () => void {
  const timer = setInterval(() => {
    run('select public.reap_executions()', []).catch(report)
  }, every)
  return () => clearInterval(timer)
}
