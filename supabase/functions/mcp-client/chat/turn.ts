// The chat door: POST /mcp-client/chat. One message in, one streamed answer out, both on record. The answer
// goes on when its reader leaves; `stop_turn` ends it.
import { createUIMessageStreamResponse } from 'ai'
import type { Context } from 'hono'
import { type ChatRequest, chatRequest } from '../../../../shared/chat.ts'
import type { App } from '../app.ts'
import { authenticate, resolveMember } from '../auth.ts'
import { AppError, parseInput, readJson } from '../http.ts'
import { countRequest } from '../limits.ts'
import { stopHere } from './live-turns.ts'
import { runTurn } from './running.ts'
import { loadTools } from './tools.ts'
import { openTurn } from './turn-rows.ts'

const KEEP_ALIVE_MS = 15_000
/** Room for the files of a message (`ATTACHED_CHARACTERS`) and for its words. */
const BODY_BYTES = 5 * 1024 * 1024

/**
 * Answers one message as a UI message stream. Throws AppError before anything ran: `unauthenticated`,
 * `invalid_request`, `too_large`, `team_required`, `not_found` (a chat they take no part in), `conflict` (the
 * message was sent before, or others have written after the one it replaces), `rate_limited`, `unavailable`.
 * Afterwards every failure is part of the stream.
 */
export function chatDoor(app: App): (c: Context) => Promise<Response> {
  return async function answerMessage(c) {
    const caller = await authenticate(app, c.req.raw)
    const request = parseInput(chatRequest, await readJson(c.req.raw, BODY_BYTES))
    refuseEmpty(request)
    const member = await resolveMember(app, caller, request.team_id)
    await countRequest(app, member)
    // Read first: once the turn is open, nothing is left that could fail without being on record.
    const { servers, tools } = await loadTools(app, member)
    const { turn, superseded } = await openTurn(app, member, request)
    superseded.forEach(stopHere)
    const stream = runTurn(app, { member, turn, servers, tools })
    return createUIMessageStreamResponse({ stream, keepAliveMs: KEEP_ALIVE_MS })
  }
}

function refuseEmpty({ message: { parts } }: ChatRequest): void {
  if (parts.some((part) => part.type === 'file' || part.text.trim() !== '')) return
  const problem = { path: 'message.parts', message: 'is empty' }
  throw new AppError('invalid_request', `${problem.path}: ${problem.message}`, [problem])
}
