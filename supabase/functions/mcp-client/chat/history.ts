// Chats and messages in the database. Rows are written by the service under an explicit team; a chat
// of someone else is the same as no chat. Clients never write history, so it cannot be forged.
import { convertToModelMessages, type ModelMessage, type UIMessage } from 'ai'
import {
  type ChatRequest,
  type DataParts,
  type MessageMetadata,
  toolOutcome,
} from '../../../../shared/chat.ts'
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import { read } from '../db.ts'
import { AppError } from '../http.ts'
import { storable } from '../storable.ts'
import { outcomeText } from './outcome-text.ts'
import { withEndings } from './endings.ts'

export type ChatMessage = UIMessage<MessageMetadata, DataParts>
export type MessageStatus = 'done' | 'failed' | 'stopped'
export type OpenTurn = {
  chat_id: string
  user_message_id: string
  message_id: string
  /** What the person wrote themselves. */
  text: string
  attached: string[]
}

const TITLE_CHARACTERS = 60
/** What a model is shown of the past: the newest messages, at most this many and this long. */
const PAST_MESSAGES = 20
const PAST_CHARACTERS = 60_000

/**
 * Opens a turn: the chat (made on first use), the person’s message and the answer’s row, before
 * anything runs. Throws AppError `not_found` for a chat of someone else, `conflict` for a message id
 * that was sent before.
 */
export async function openTurn(app: App, member: Member, request: ChatRequest): Promise<OpenTurn> {
  const [text = '', ...attached] = request.message.parts.map((part) =>
    part.type === 'text' ? part.text : ''
  )
  await openChat(app, member, { id: request.chat_id, title: titleFrom(text) })
  const message_id = crypto.randomUUID()
  // Set here: two rows of one statement may get the same moment, and order is what history is.
  const asked_at = Date.now()
  const at = (moment: number) => ({ created_at: new Date(moment).toISOString() })
  const common = { team_id: member.team_id, chat_id: request.chat_id }
  const user = { ...common, id: request.message.id, user_id: member.user_id, role: 'user' }
  const assistant = { ...common, id: message_id, user_id: null, role: 'assistant' }
  try {
    await read(
      app.db.service.from('astra_messages').insert([
        { ...user, ...at(asked_at), parts: request.message.parts, status: 'done' },
        { ...assistant, ...at(asked_at + 1), parts: [], status: 'streaming' },
      ]),
    )
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'conflict') throw thrown
    throw new AppError('conflict', 'This message was sent before. Nothing ran twice.')
  }
  const { chat_id, message: { id: user_message_id } } = request
  return { chat_id, user_message_id, message_id, text, attached }
}

async function openChat(
  app: App,
  member: Member,
  chat: { id: string; title: string },
): Promise<void> {
  const own = { id: chat.id, team_id: member.team_id, user_id: member.user_id }
  if (await ownsChat(app, own)) return
  const made = await read<unknown[]>(
    app.db.service.from('astra_chats')
      .upsert({ ...own, title: chat.title }, { onConflict: 'id', ignoreDuplicates: true })
      .select('id'),
  )
  // Not made: it is someone else’s, or another request of this person made it just now.
  if (made.length > 0 || await ownsChat(app, own)) return
  throw new AppError('not_found', 'No such chat of yours.')
}

async function ownsChat(
  app: App,
  { id, team_id, user_id }: { id: string; team_id: string; user_id: string },
): Promise<boolean> {
  const chats = app.db.service.from('astra_chats').select('id')
  const own = await read<unknown[]>(
    chats.eq('id', id).eq('team_id', team_id).eq('user_id', user_id),
  )
  return own.length > 0
}

/** A chat’s title: the beginning of its first message, on one line. */
export function titleFrom(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= TITLE_CHARACTERS) return line || 'New chat'
  return line.slice(0, TITLE_CHARACTERS - 1).toWellFormed().trimEnd() + '…'
}

/** Ends a turn’s answer, as it stands. */
export async function closeTurn(
  app: App,
  member: Member,
  ended: {
    turn: OpenTurn
    parts: ChatMessage['parts']
    status: MessageStatus
    metadata: MessageMetadata
  },
): Promise<void> {
  const { turn, status } = ended
  const row = storable({ parts: ended.parts, metadata: ended.metadata, status })
  const moved = { updated_at: new Date().toISOString() }
  await Promise.all([
    read(
      app.db.service.from('astra_messages').update(row)
        .eq('id', turn.message_id).eq('team_id', member.team_id).eq('status', 'streaming'),
    ),
    read(
      app.db.service.from('astra_chats').update(moved)
        .eq('id', turn.chat_id).eq('team_id', member.team_id),
    ),
  ])
}

/** What was said before this turn, for a model; read as the person, under row level security. */
export async function loadPast(app: App, member: Member, turn: OpenTurn): Promise<ModelMessage[]> {
  const rows = await read<Pick<ChatMessage, 'id' | 'role' | 'parts'>[]>(
    app.db.as(member).from('astra_messages').select('id, role, parts')
      .eq('team_id', member.team_id).eq('chat_id', turn.chat_id)
      .order('created_at', { ascending: false }).order('id', { ascending: false })
      .limit(PAST_MESSAGES + 2),
  )
  const before = rows.filter((row) => row.id !== turn.message_id && row.id !== turn.user_message_id)
  const past = await withEndings(app, member, before)
  return await convertToModelMessages(bounded(past.map(forModel)), {
    ignoreIncompleteToolCalls: true,
  })
}

/** Newest first in, oldest first out, beginning with a person’s message. */
export function bounded(newestFirst: ChatMessage[]): ChatMessage[] {
  const kept: ChatMessage[] = []
  let characters = 0
  for (const message of newestFirst.slice(0, PAST_MESSAGES)) {
    characters += JSON.stringify(message.parts).length
    if (characters > PAST_CHARACTERS) break
    if (message.parts.length > 0) kept.unshift(message)
  }
  const first = kept.findIndex((message) => message.role === 'user')
  return first === -1 ? [] : kept.slice(first)
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
