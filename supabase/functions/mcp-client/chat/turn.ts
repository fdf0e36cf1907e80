// The chat door: POST /mcp-client/chat. One message in, one streamed answer out, both on record.
// History comes from the database only; leaving or stopping ends the model call and the running tool.
import { createUIMessageStreamResponse, type UIMessageChunk } from 'ai'
import type { Context } from 'hono'
import { type ChatRequest, chatRequest } from '../../../../shared/chat.ts'
import type { App } from '../app.ts'
import { authenticate, type Member, resolveMember } from '../auth.ts'
import { listResources, readResource } from '../context.ts'
import { execute } from '../execute.ts'
import { AppError, parseInput, readJson } from '../http.ts'
import { countRequest } from '../limits.ts'
import { log } from '../log.ts'
import { type Answer, answerStream } from './answer.ts'
import { closeTurn, loadPast, type OpenTurn, openTurn } from './history.ts'
import { LIMITS } from './loop.ts'
import { chooseModel } from './model/choose.ts'
import type { ResourceDoor } from './resources.ts'
import { readSlash } from './slash.ts'
import { loadTools, type Run } from './tools.ts'

const KEEP_ALIVE_MS = 15_000

/**
 * Answers one message as a UI message stream. Throws AppError before anything ran: `unauthenticated`,
 * `invalid_request`, `too_large`, `team_required`, `not_found` (a chat of someone else), `conflict` (the
 * message was sent before), `rate_limited`, `unavailable`. Afterwards every failure is part of the stream.
 */
export function chatDoor(app: App): (c: Context) => Promise<Response> {
  return async function answerMessage(c) {
    const caller = await authenticate(app, c.req.raw)
    const request = parseInput(chatRequest, await readJson(c.req.raw))
    refuseEmpty(request)
    const member = await resolveMember(app, caller, request.team_id)
    await countRequest(app, member)
    // Read first: once the turn is open, nothing is left that could fail without being on record.
    const { servers, tools } = await loadTools(app, member)
    const turn = await openTurn(app, member, request)
    const stop = new AbortController()
    c.req.raw.signal.addEventListener('abort', () => stop.abort(), { once: true })
    const stream = answerStream({
      ...turn,
      servers,
      tools,
      slash: readSlash(turn.text, tools),
      model: () => modelFor(app, { member, turn }),
      run: runFor(app, { member, turn }),
      resources: doorFor(app, member),
      stop: stop.signal,
      limits: LIMITS,
      keep: (kept) => keep(app, { member, turn, kept }),
    })
    return respond(app, { stream, stop })
  }
}

function refuseEmpty(request: ChatRequest): void {
  if (request.message.parts.some((part) => part.type === 'text' && part.text.trim() !== '')) return
  const problem = { path: 'message.parts', message: 'is empty' }
  throw new AppError('invalid_request', `${problem.path}: ${problem.message}`, [problem])
}

type Of = { member: Member; turn: OpenTurn }

async function modelFor(app: App, { member, turn }: Of) {
  const chosen = await chooseModel(app.settings.model, fetch)
  // The router reads only the newest message.
  const past = chosen.described.provider === 'router' ? [] : await loadPast(app, member, turn)
  return { chosen, past }
}

function runFor(app: App, { member, turn }: Of): Run {
  const { team_id } = member
  const { chat_id, message_id } = turn
  return (call, watch) =>
    execute(app, member, { ...call, team_id, chat_id, message_id, origin: 'chat' }, watch)
}

/** The same operations that serve the screen, as this member. */
function doorFor(app: App, member: Member): ResourceDoor {
  const { team_id } = member
  return {
    list: ({ server_id, signal }) =>
      listResources({ app, as: member, input: { team_id, server_id }, signal }),
    read: ({ server_id, uri, signal }) =>
      readResource({ app, as: member, input: { team_id, server_id, uri }, signal }),
  }
}

type Kept = Parameters<Answer['keep']>[0]

/** The answer’s row ends, or the log says why it could not; one more try, since nobody will ask again. */
async function keep(app: App, { member, turn, kept }: Of & { kept: Kept }): Promise<void> {
  const ended = { turn, ...kept }
  await closeTurn(app, member, ended).catch(() => closeTurn(app, member, ended)).catch(unkept(turn))
}

function unkept(turn: OpenTurn) {
  return (thrown: unknown) =>
    log('error', 'answer not kept', { message_id: turn.message_id, thrown })
}

/**
 * Two readers of one stream: the person, who may leave, and the record, which reads to the end.
 * The person leaving is the same as Stop.
 */
function respond(
  app: App,
  { stream, stop }: { stream: ReadableStream<UIMessageChunk>; stop: AbortController },
): Response {
  const [toPerson, toRecord] = stream.tee()
  app.background(drain(toRecord))
  const reader = toPerson.getReader()
  const watched = new ReadableStream<UIMessageChunk>({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel(reason) {
      stop.abort()
      await reader.cancel(reason)
    },
  })
  return createUIMessageStreamResponse({ stream: watched, keepAliveMs: KEEP_ALIVE_MS })
}

async function drain(stream: ReadableStream<unknown>): Promise<void> {
  try {
    for await (const _ of stream);
  } catch (thrown) {
    log('error', 'answer broke off', { thrown })
  }
}
