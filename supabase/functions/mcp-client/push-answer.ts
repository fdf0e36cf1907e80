// The door a notification answers at: no session, only the token that this device was sent for this one
// decision. It decides nothing itself: the approval is answered as in the app, by whoever still may.
import type { Context } from 'hono'
import { pushAnswer, type PushAnswered } from '../../../shared/push.ts'
import { answerOnRecord, refusalOf } from './admission.ts'
import type { App } from './app.ts'
import type { Decided } from './approvals.ts'
import { continueAfter } from './continuations.ts'
import { read } from './db.ts'
import { AppError, parseInput, readJson, type Variables } from './http.ts'
import { follow, pageOf, pushSoon } from './push-delivery.ts'
import { type DeviceAnswer, openAnswer } from './push-token.ts'
import { answeredWords } from './push-words.ts'
import { goOnUnheard } from './resume.ts'

const BODY_LIMIT = 4_096

/**
 * Answers at once; how the call ends is pushed to the device. Throws AppError: `too_large`,
 * `invalid_request`, `unauthenticated` (no token of ours), `forbidden` (made for the other decision, or an
 * admin has to), `conflict` (answered already, or too late), `not_found` (the person has left the team, the
 * device is no longer theirs), `unavailable`.
 */
export function pushAnswerDoor(app: App): (c: Context<Variables>) => Promise<Response> {
  return async (c) => {
    c.header('Cache-Control', 'no-store')
    const { token, decision } = parseInput(pushAnswer, await readJson(c.req.raw, BODY_LIMIT))
    const answer = await openAnswer(app, token)
    if (!answer) {
      throw new AppError('unauthenticated', 'This notification cannot answer. Open Astra instead.')
    }
    if (answer.decision !== decision) {
      throw new AppError('forbidden', 'This answer was made for another decision.')
    }
    if (!(Date.parse(answer.expires_at) > Date.now())) {
      throw new AppError('conflict', 'The time to answer is over, so the call did not run.')
    }
    return c.json(await decide(app, answer))
  }
}

async function decide(app: App, answer: DeviceAnswer): Promise<PushAnswered> {
  const { team_id, user_id, device_id, approval_id } = answer
  // Earlier than whatever comes of it: a device shows the newest word.
  const sent_at = new Date().toISOString()
  const decided = await read<Decided>(app.db.service.rpc('answer_from_device', {
    p_device_id: device_id,
    p_user_id: user_id,
    p_team_id: team_id,
    p_approval_id: approval_id,
    p_decision: answer.decision === 'approve' ? 'approved' : 'rejected',
  }))
  if (decided.verdict === 'refused') throw refusalOf(decided)
  if (decided.verdict === 'run') follow(decided.execution_id)
  else continueAfter(app, decided.execution_id)
  const { status } = decided.verdict === 'run' ? goOnUnheard(app, decided) : answerOnRecord(decided)
  pushSoon(app)
  const { execution_id } = decided
  return await answered(app, { ...answer, execution_id, status, sent_at })
}

type Told = {
  chat_id: string | null
  user_id: string
  mcp_servers: { name: string }
  mcp_tools: { tool_name: string }
}

/** What takes the question’s place on the device. */
async function answered(
  app: App,
  { team_id, user_id, execution_id, status, sent_at }: DeviceAnswer & {
    execution_id: string
    sent_at: string
    status: PushAnswered['status']
  },
): Promise<PushAnswered> {
  const [row] = await read<Told[]>(
    app.db.service.from('mcp_tool_executions')
      .select('chat_id,user_id,mcp_servers(name),mcp_tools(tool_name)')
      .eq('id', execution_id).eq('team_id', team_id),
  )
  const { chat_id, mcp_servers: { name: server_name }, mcp_tools: { tool_name } } = row!
  const call = { theirs: row!.user_id === user_id, chat_id }
  return {
    status,
    message: {
      tag: execution_id,
      ...answeredWords({ server_name, tool_name, status }),
      url: pageOf({ team_id, execution_id, call }),
      sent_at,
    },
  }
}
