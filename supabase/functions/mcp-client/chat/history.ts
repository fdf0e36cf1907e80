// What was said in a chat, as a model is shown it: the newest of it, with results capped and labelled.
import { convertToModelMessages, type ModelMessage, type UIMessage } from 'ai'
import { type DataParts, type MessageMetadata, toolOutcome } from '../../../../shared/chat.ts'
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import { read } from '../db.ts'
import { isFromOutside, outcomeText } from './outcome-text.ts'
import { withEndings } from './endings.ts'
import { withFiles } from './past-files.ts'
import { type Said, withSpeakers } from './speakers.ts'
import type { OpenTurn } from './turn-rows.ts'

export type ChatMessage = UIMessage<MessageMetadata, DataParts>
export type MessageStatus = 'done' | 'failed' | 'stopped'

/** What a model is shown of the past: the newest messages, at most this many and this long. */
const PAST_MESSAGES = 20
const PAST_CHARACTERS = 60_000
/** For providers that want a person’s turn before the assistant’s. */
const GO_ON = '[The calls above have ended. Go on from there.]'

/**
 * What was said before this turn, for a model; without what was taken back. A turn that goes on from an
 * answer is shown that answer with today’s outcome of its calls.
 */
export async function loadPast(
  app: App,
  { member, turn, takes_images }: { member: Member; turn: OpenTurn; takes_images: boolean },
): Promise<ModelMessage[]> {
  const rows = await read<Said[]>(
    app.db.as(member).from('astra_messages').select('id, role, parts, user_id')
      .eq('team_id', member.team_id).eq('chat_id', turn.chat_id).is('superseded_at', null)
      .order('created_at', { ascending: false }).order('id', { ascending: false })
      .limit(PAST_MESSAGES + 2),
  )
  const before = rows.filter(({ id }) =>
    id !== turn.message_id && (turn.continues || id !== turn.user_message_id)
  )
  const ended = await withEndings(app, { ...turn, team_id: member.team_id }, before)
  const past = turn.visibility === 'team' ? await withSpeakers(app, member, ended) : ended
  // The whole of what it goes on from, however long.
  const least = turn.continues ? past.findIndex(({ id }) => id === turn.user_message_id) + 1 : 0
  const shown = bounded(past.map(forModel), least)
  turn.read_outside ||= past.some(({ parts }) => parts.some(isRead))
  const whole = await withFiles(app, { member, turn, takes_images }, shown)
  const said = await convertToModelMessages(whole, { ignoreIncompleteToolCalls: true })
  if (!turn.continues || said.at(-1)?.role !== 'assistant') return said
  return [...said, { role: 'user', content: GO_ON }]
}

/** Newest first in, oldest first out, beginning with a person’s message; the newest `least` in any case. */
export function bounded(newestFirst: ChatMessage[], least = 0): ChatMessage[] {
  const kept: ChatMessage[] = []
  let characters = 0
  for (const [at, message] of newestFirst.slice(0, PAST_MESSAGES).entries()) {
    characters += JSON.stringify(message.parts).length
    if (characters > PAST_CHARACTERS && at >= least) break
    if (message.parts.length > 0) kept.unshift(message)
  }
  const first = kept.findIndex((message) => message.role === 'user')
  return first === -1 ? [] : kept.slice(first)
}

function isRead(part: ChatMessage['parts'][number]): boolean {
  if (part.type !== 'dynamic-tool' || part.state !== 'output-available') return false
  const outcome = toolOutcome.safeParse(part.output)
  return outcome.success && isFromOutside(outcome.data)
}

/** A stored message as a model sees it: texts, and calls with their results capped and labelled. */
export function forModel(message: Pick<ChatMessage, 'id' | 'role' | 'parts'>): ChatMessage {
  const servers = new Map(
    message.parts.flatMap((part) =>
      part.type === 'data-call' ? [[part.data.tool_call_id, part.data.server_name] as const] : []
    ),
  )
  const parts = message.parts.flatMap((part): ChatMessage['parts'] => {
    if (part.type === 'text' || part.type === 'step-start') return [part]
    if (part.type === 'file') return message.role === 'user' ? [part] : []
    if (part.type !== 'dynamic-tool') return []
    if (part.state !== 'output-available') return [part]
    const origin = {
      server_name: servers.get(part.toolCallId) ?? 'unknown',
      tool_name: part.toolName,
      tool_call_id: part.toolCallId,
    }
    const outcome = toolOutcome.safeParse(part.output)
    return [{
      ...part,
      output: outcome.success ? outcomeText(outcome.data, origin) : '[unreadable]',
    }]
  })
  const said = parts.some((part) => part.type !== 'step-start')
  return { id: message.id, role: message.role, parts: said ? parts : [] }
}
