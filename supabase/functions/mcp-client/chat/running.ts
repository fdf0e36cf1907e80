// One turn from its opened rows to its closed answer, whoever reads it: nobody leaving ends it. Its person
// does, in any process, or the loop’s own bounds.
import type { UIMessageChunk } from 'ai'
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import { continueFrom } from '../continuations.ts'
import { listResources, readResource } from '../context.ts'
import { execute } from '../execute.ts'
import { log } from '../log.ts'
import { answerStream } from './answer.ts'
import { loadPast } from './history.ts'
import { keepWhileWritten } from './keeping.ts'
import { beginTurn } from './live-turns.ts'
import { LIMITS } from './loop.ts'
import { teamsModel } from './model/choose.ts'
import { isFromOutside } from './outcome-text.ts'
import type { ResourceDoor } from './resources.ts'
import { readSlash } from './slash.ts'
import type { ChatServer, Run, Tools } from './tools.ts'
import { type Close, closeTurn, type OpenTurn, saveTurn } from './turn-rows.ts'

type Of = { member: Member; turn: OpenTurn }

/** Runs the turn to its end in any case. Gives its answer for whoever wants to read along. */
export function runTurn(
  app: App,
  { member, turn, servers, tools }: Of & { servers: ChatServer[]; tools: Tools },
): ReadableStream<UIMessageChunk> {
  const { stop, over } = beginTurn(turn.message_id)
  const of = { member, turn }
  const stream = answerStream({
    ...turn,
    speaker: turn.visibility === 'team' ? turn.speaker : null,
    servers,
    tools,
    slash: turn.continues ? { kind: 'none' } : readSlash(turn.text, tools),
    model: () => modelFor(app, of),
    run: runFor(app, of),
    resources: doorFor(app, of),
    stop: stop.signal,
    limits: LIMITS,
    keep: (close) => keep(app, { ...of, close }),
  })
  const [toPerson, toRecord] = stream.tee()
  const written = keepWhileWritten(toRecord, {
    save: (parts) => saveTurn(app, { ...of, parts }),
    onStop: () => stop.abort(),
  })
  app.background(written.finally(over))
  return toPerson
}

async function modelFor(app: App, { member, turn }: Of) {
  const chosen = await teamsModel(app, member.team_id)
  // The router reads only the newest message.
  if (chosen.described.provider === 'router') return { chosen, past: [] }
  const { takes_images } = chosen
  return { chosen, past: await loadPast(app, { member, turn, takes_images }) }
}

function runFor(app: App, { member, turn }: Of): Run {
  const { team_id } = member
  const { chat_id, message_id } = turn
  return async (call, watch) => {
    const asked = { ...call, team_id, chat_id, message_id, origin: 'chat' } as const
    const answer = await execute(app, member, asked, watch)
    turn.read_outside ||= isFromOutside({ kind: 'answered', ...answer })
    return answer
  }
}

/** The same operations that serve the screen, as this member. */
function doorFor(app: App, { member, turn }: Of): ResourceDoor {
  const { team_id } = member
  return {
    list: async ({ server_id, signal }) => {
      turn.read_outside = true
      return await listResources({ app, as: member, input: { team_id, server_id }, signal })
    },
    read: async ({ server_id, uri, signal }) => {
      turn.read_outside = true
      return await readResource({ app, as: member, input: { team_id, server_id, uri }, signal })
    },
  }
}

/** The answer’s row ends, or the log says why it could not; one more try, since nobody will ask again. */
async function keep(app: App, { member, turn, close }: Of & { close: Close }): Promise<void> {
  const ended = { member, turn, close }
  const { message_id } = turn
  const waits = await closeTurn(app, ended).catch(() => closeTurn(app, ended)).catch((thrown) => {
    log('error', 'answer not kept', { message_id, thrown })
    return false
  })
  // What it waits for may have ended just before it did.
  if (waits) continueFrom(app, message_id)
}
