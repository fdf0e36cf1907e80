// A call under way that its person lets go on by itself: whoever sent it, a turn of the chat for one, is
// answered at once. The process that runs it may be another one, which watches the call’s row.
import type { Handler } from './actions.ts'
import { answerOnRecord } from './admission.ts'
import { read } from './db.ts'
import { settled } from './finish.ts'
import { liveExecution } from './live.ts'
import { ownRow } from './resume.ts'

/** Gives the call as it stands. Throws AppError `not_found` for what is not theirs. */
export const continueInBackground: Handler<'continue_in_background'> = async (
  { app, as, input: { execution_id } },
) => {
  // What has ended here, and is only being written, is not let go.
  await settled(execution_id)
  const let_go = await read<boolean>(app.db.service.rpc('let_go', {
    p_execution_id: execution_id,
    p_team_id: as.team_id,
    p_user_id: as.user_id,
  }))
  if (let_go) liveExecution(execution_id)?.letGo()
  const row = await ownRow(app, as, execution_id)
  return answerOnRecord({ ...row, execution_id, result: row.output_result })
}
