// The rows of turns: opened, kept, stopped and closed in the database, each in one round trip. Clients never
// write history, so it cannot be forged.
import {
  ATTACHMENT_URL,
  type ChatRequest,
  type ChatVisibility,
  type MessageMetadata,
} from '../../../../shared/chat.ts'
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import { read } from '../db.ts'
import { AppError } from '../http.ts'
import { storable } from '../storable.ts'
import { type AttachedFile, checkFiles } from './attachments.ts'
import type { ChatMessage, MessageStatus } from './history.ts'

export type OpenTurn = {
  chat_id: string
  user_message_id: string
  /** The answer’s. */
  message_id: string
  visibility: ChatVisibility
  /** Whose turn it is, where several people write. */
  speaker: string
  /** What the person wrote themselves. */
  text: string
  /** Texts of servers that came along. */
  attached: string[]
  /** Pictures and text files that came along. */
  files: AttachedFile[]
  /** Something from outside was read in this chat: set as soon as that happens, and never taken back. */
  read_outside: boolean
  /** It goes on from an answer, with no new words of a person. */
  continues: boolean
}

type Opened =
  | {
    verdict: 'open'
    visibility: ChatVisibility
    read_outside: boolean
    name: string | null
    superseded: string[]
  }
  | { verdict: keyof typeof REFUSALS }

const REFUSALS = {
  not_found: ['not_found', 'No such chat of yours.'],
  sent_before: ['conflict', 'This message was sent before. Nothing ran twice.'],
  nothing_to_replace: ['not_found', 'No such message of yours to replace.'],
  others_wrote: ['conflict', 'Others have written since. Send it as a new message.'],
} as const

const TITLE_CHARACTERS = 60

/**
 * Opens a turn: the chat (made on first use), the person’s message with what came along, and the answer’s
 * row, before anything runs. Gives it with the answers it took the place of, which are to end. Throws
 * AppError `not_found` for a chat they take no part in, `conflict` for a message that was sent before or
 * that others have written after, and as `checkFiles` does.
 */
export async function openTurn(
  app: App,
  member: Member,
  request: ChatRequest,
): Promise<{ turn: OpenTurn; superseded: string[] }> {
  const said = partsOf(request)
  const message_id = crypto.randomUUID()
  const { id: user_message_id } = request.message
  const opened = await read<Opened>(app.db.service.rpc('open_turn', {
    p_user_id: member.user_id,
    p_team_id: member.team_id,
    p_chat: {
      id: request.chat_id,
      title: titleFrom(said.text || (said.files[0]?.name ?? '')),
      visibility: request.visibility,
    },
    p_message: storable({
      id: user_message_id,
      parts: said.parts,
      files: said.rows,
      reads_outside: said.attached.length > 0 || said.files.length > 0,
    }),
    p_answer_id: message_id,
    p_replaces: request.replaces ?? null,
  }))
  if (opened.verdict !== 'open') {
    const [code, message] = REFUSALS[opened.verdict]
    throw new AppError(code, message, { reason: opened.verdict })
  }
  const turn = {
    chat_id: request.chat_id,
    user_message_id,
    message_id,
    visibility: opened.visibility,
    speaker: opened.name ?? 'Someone',
    text: said.text,
    attached: said.attached,
    files: said.files,
    read_outside: opened.read_outside,
    continues: false,
  }
  return { turn, superseded: opened.superseded }
}

/** A message taken apart: what is stored of it, and what a turn works with. */
function partsOf({ message }: ChatRequest) {
  const [first, ...others] = message.parts
  const text = first?.type === 'text' ? first.text : ''
  const attached = others.flatMap((part) => part.type === 'text' ? [part.text] : [])
  const files = checkFiles(message.parts.filter((part) => part.type === 'file'))
  const rows: (AttachedFile & { id: string; position: number })[] = []
  const parts = message.parts.map((part, position) => {
    if (part.type === 'text') return part
    const file = files[rows.length]!
    const id = crypto.randomUUID()
    rows.push({ ...file, id, position })
    const { name: filename, media_type: mediaType } = file
    return { ...part, filename, mediaType, url: `${ATTACHMENT_URL}${id}` }
  })
  return { text, attached, files, parts, rows }
}

/** A chat’s title: the beginning of its first message, on one line. */
export function titleFrom(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= TITLE_CHARACTERS) return line || 'New chat'
  return line.slice(0, TITLE_CHARACTERS - 1).toWellFormed().trimEnd() + '…'
}

type Of = { member: Member; turn: OpenTurn }

/** Keeps an answer as far as it has come; null: no news. False when it is to end. */
export async function saveTurn(
  app: App,
  { member, turn, parts }: Of & { parts: ChatMessage['parts'] | null },
): Promise<boolean> {
  return await read<boolean>(app.db.service.rpc('save_turn', {
    p_message_id: turn.message_id,
    p_team_id: member.team_id,
    p_user_id: member.user_id,
    p_parts: parts && storable(parts),
    p_read_outside: turn.read_outside,
  }))
}

export type Close = {
  parts: ChatMessage['parts']
  status: MessageStatus
  metadata: MessageMetadata
  /** A model answered: once its calls have ended, it has something to add. */
  goes_on: boolean
}

/** Ends a turn’s answer, as it stands. True when it waits for calls that have not ended. */
export async function closeTurn(app: App, { member, turn, close }: Of & { close: Close }) {
  const waits = await read<boolean | null>(app.db.service.rpc('close_turn', {
    p_message_id: turn.message_id,
    p_team_id: member.team_id,
    p_status: close.status,
    p_parts: storable(close.parts),
    p_metadata: storable(close.metadata),
    p_goes_on: close.goes_on && close.status === 'done',
    p_read_outside: turn.read_outside,
  }))
  return waits === true
}
