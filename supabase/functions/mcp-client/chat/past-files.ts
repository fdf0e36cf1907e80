// Files that came with earlier messages, as a model is shown them again: the newest few, read once, as the
// person whose turn it is. What is not shown is named, so that nobody believes it was never there.
import { fileKind } from '../../../../shared/attachment.ts'
import { ATTACHMENT_URL } from '../../../../shared/chat.ts'
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import { read } from '../db.ts'
import { type AttachedFile, cleanName, pictureNotShown, shownFiles } from './attachments.ts'
import type { ChatMessage } from './history.ts'
import type { OpenTurn } from './turn-rows.ts'

/** Of all earlier messages together. */
const PICTURES = 3
const TEXTS = 8
const TEXT_CHARACTERS = 40_000

type Part = ChatMessage['parts'][number]
type Row = AttachedFile & { id: string }
type Of = { member: Member; turn: Pick<OpenTurn, 'chat_id'>; takes_images: boolean }

/** The same messages, oldest first as they came, with what their files hold in place of their ids. */
export async function withFiles(app: App, of: Of, messages: ChatMessage[]): Promise<ChatMessage[]> {
  const ids = chosenFiles(messages, of.takes_images)
  if (!messages.some(({ parts }) => parts.some(isFile))) return messages
  const files = ids.length === 0 ? [] : await read<Row[]>(
    app.db.as(of.member).from('astra_attachments').select('id, name, media_type, content')
      .eq('team_id', of.member.team_id).eq('chat_id', of.turn.chat_id).in('id', ids),
  )
  const shown = shownOnes(ids.flatMap((id) => files.filter((file) => file.id === id)), of)
  return messages.map((message) => ({
    ...message,
    parts: message.parts.map((part) => isFile(part) ? shown.get(idOf(part)) ?? named(part) : part),
  }))
}

/** Newest first. */
function chosenFiles(messages: ChatMessage[], takes_images: boolean): string[] {
  const newest = messages.toReversed().flatMap(({ parts }) => parts.filter(isFile).toReversed())
  const of = (kind: 'picture' | 'text') =>
    newest.filter(({ mediaType }) => fileKind(mediaType) === kind).map(idOf)
  return [...takes_images ? of('picture').slice(0, PICTURES) : [], ...of('text').slice(0, TEXTS)]
}

function shownOnes(files: Row[], { takes_images }: Of): Map<string, Part> {
  const parts = shownFiles(files, { takes_images, characters: TEXT_CHARACTERS })
  return new Map(files.map(({ id }, at) => [id, parts[at]!]))
}

type FilePart = Extract<Part, { type: 'file' }>

function isFile(part: Part): part is FilePart {
  return part.type === 'file'
}

function idOf({ url }: FilePart): string {
  return url.startsWith(ATTACHMENT_URL) ? url.slice(ATTACHMENT_URL.length) : ''
}

function named({ mediaType, filename = '' }: FilePart): Part {
  const text = fileKind(mediaType) === 'picture'
    ? pictureNotShown(filename, 'it came with an earlier message')
    : `[text file “${cleanName(filename)}”, not shown: it came with an earlier message]`
  return { type: 'text', text }
}
