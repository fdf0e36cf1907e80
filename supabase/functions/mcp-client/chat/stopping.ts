// Stop: its person ends an answer, from any device. The process that writes it may be another one, which
// looks at the answer’s row about once a second.
import type { Handler } from '../actions.ts'
import { read } from '../db.ts'
import { AppError } from '../http.ts'
import { stopHere } from './live-turns.ts'

/** Throws AppError `not_found` for an answer to someone else, unless an admin ends one in the team’s chat. */
export const stopTurn: Handler<'stop_turn'> = async ({ app, as, input: { message_id } }) => {
  const stopping = await read<boolean | null>(app.db.service.rpc('stop_turn', {
    p_message_id: message_id,
    p_team_id: as.team_id,
    p_user_id: as.user_id,
  }))
  if (stopping === null) throw new AppError('not_found', 'No such answer to you.')
  if (stopping) stopHere(message_id)
  return { stopping }
}
