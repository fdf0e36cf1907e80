// What was typed but not sent, and what was sent but not confirmed. Kept on this device per chat until it is.
import { forget, keep, kept, keptJson } from '@/lib/kept.ts'

/** A picture or a text file, ready to be sent; `url` is a data URL. */
export type AttachedFile = { name: string; mediaType: string; url: string }

/** `quotes`: what is attached, as it is written. `replaces`: the message of one’s own that it stands in for. */
export type Unsent = {
  id: string
  text: string
  quotes?: string[]
  files?: AttachedFile[]
  replaces?: string
}

/** A chat’s id, or `new` for the one that has no address yet. */
type ChatId = string

export const keptDraft = (chat: ChatId): string => kept(`draft.${chat}`) ?? ''

export function keepDraft(chat: ChatId, text: string): void {
  if (text) keep(`draft.${chat}`, text)
  else forget(`draft.${chat}`)
}

/** As long as the page is open: pictures may be more than the device keeps. */
const inHand = new Map<ChatId, Unsent>()

export const keptUnsent = (chat: ChatId): Unsent | null =>
  inHand.get(chat) ?? keptJson<Unsent>(`unsent.${chat}`)

export function keepUnsent(chat: ChatId, unsent: Unsent): void {
  inHand.set(chat, unsent)
  keep(`unsent.${chat}`, unsent)
}

export function forgetUnsent(chat: ChatId): void {
  inHand.delete(chat)
  forget(`unsent.${chat}`)
}
