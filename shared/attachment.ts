// What may come along with a message, and how much of it: one rule for the browser and for the door.
import { imageTypes } from './chat.ts'

/** Of one message. What they may measure together is `ATTACHED_CHARACTERS`. */
export const MOST_FILES = 4
export const TEXT_FILE_BYTES = 200_000
/** A side of a picture; providers take no more. */
export const PICTURE_SIDE = 8_000
/** Of a picture, so that nobody’s screen has to unpack what only pretends to be small. */
export const PICTURE_PIXELS = 40_000_000

const textual =
  /^(?:text\/[a-z0-9.+-]+|application\/(?:json|ld\+json|xml|yaml|x-yaml|toml|sql|javascript|x-ndjson))$/

export type FileKind = 'picture' | 'text'

/** What a file is by its media type; null for what nobody here can show. */
export function fileKind(mediaType: string): FileKind | null {
  if (imageTypes.some((known) => known === mediaType)) return 'picture'
  return textual.test(mediaType) ? 'text' : null
}

/** What is no text: NUL, and controls no editor writes. */
// deno-lint-ignore no-control-regex
const binary = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/

/** The text of a file, or null when its bytes are none. */
export function fileText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return binary.test(text) ? null : text
  } catch {
    return null
  }
}
