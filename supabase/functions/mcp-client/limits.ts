// What reaches a server or a model without calling a tool counts as well: against the same limits, in the
// same windows. Calls of tools are counted where they begin.
import { refusalOf, type Refused } from './admission.ts'
import type { App } from './app.ts'
import type { Member } from './auth.ts'
import { read } from './db.ts'

/** Throws AppError `rate_limited` (details: limit, retry_after_seconds). */
export async function countRequest(app: App, { user_id, team_id }: Member): Promise<void> {
  const over = await read<Pick<Refused, 'limit' | 'retry_after_seconds'> | null>(
    app.db.service.rpc('count_request', { p_user_id: user_id, p_team_id: team_id }),
  )
  if (over) throw refusalOf({ verdict: 'refused', reason: 'rate_limited', ...over })
}
