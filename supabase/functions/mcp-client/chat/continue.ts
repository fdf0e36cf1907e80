// The assistant goes on by itself from an answer whose calls have ended: a turn of the same person, with no
// new words of theirs and nobody who reads along.
import type { App } from '../app.ts'
import type { Claimed } from '../continuations.ts'
import type { Member } from '../auth.ts'
import { log } from '../log.ts'
import { runTurn } from './running.ts'
import { loadTools } from './tools.ts'
import { type Close, closeTurn, type OpenTurn } from './turn-rows.ts'

/** Runs what was claimed. Its end is in its row, whatever happens. */
export async function continueTurn(app: App, claimed: Claimed): Promise<void> {
  const { team_id, user_id, role } = claimed
  // Membership was read with the claim; the person themself is not here.
  const member: Member = { kind: 'user', user_id, token: null, team_id, role }
  const [first] = claimed.parts
  const turn: OpenTurn = {
    chat_id: claimed.chat_id,
    user_message_id: claimed.user_message_id,
    message_id: claimed.message_id,
    visibility: claimed.visibility,
    speaker: claimed.name ?? 'Someone',
    text: first?.type === 'text' ? first.text : '',
    attached: [],
    files: [],
    read_outside: true,
    continues: true,
  }
  try {
    const { servers, tools } = await loadTools(app, member)
    // It is kept as it grows; nobody reads it from here.
    await runTurn(app, { member, turn, servers, tools }).cancel()
  } catch (thrown) {
    log('error', 'a continuation failed', { message_id: turn.message_id, thrown })
    const metadata = { error: 'The answer broke off.' }
    const close: Close = { parts: [], status: 'failed', metadata, goes_on: false }
    await closeTurn(app, { member, turn, close })
  }
}
