// What was typed but not sent, and what was sent but not confirmed. Kept on this device per chat until it is.
import { forget, keep, kept, keptJson } from '@/lib/kept.ts'

/** `quotes`: what is attached, as it is written. */
export type Unsent = { id: string; text: string; quotes?: string[] }

/** A chat’s id, or `new` for the one that has no address yet. */
type ChatId = string

export const keptDraft = (chat: ChatId): string => kept(`draft.${chat}`) ?? ''

export function keepDraft(chat: ChatId, text: string): void {
  if (text) keep(`draft.${chat}`, text)
  else forget(`draft.${chat}`)
}

export const keptUnsent = (chat: ChatId): Unsent | null => keptJson<Unsent>(`unsent.${chat}`)
export const keepUnsent = (chat: ChatId, unsent: Unsent): void => keep(`unsent.${chat}`, unsent)
export const forgetUnsent = (chat: ChatId): void => forget(`unsent.${chat}`)
