// A server’s prompt, filled in, as text that a person may look at, change and send. Pure. Nobody but the
// person sends it, so whatever in it would be read as something else than text is made text.
import { isRecord } from '@shared/json.ts'
import type { ResponseOf } from '@shared/operations.ts'

type Messages = Extract<ResponseOf<'get_prompt'>, { messages: unknown }>['messages']

export function promptText(
  messages: Messages,
  from: { title: string; server_name: string },
): string {
  const text = messages.map(({ role, content }) => {
    const said = contentText(content)
    return role === 'assistant' && messages.length > 1 ? `Assistant: ${said}` : said
  }).filter(Boolean).join('\n\n').replace(unseen, '').trim()
  // A command would run as the person’s own call: that must be theirs to write.
  return text.startsWith('/') ? `“${from.title}” of ${from.server_name}:\n${text}` : text
}

/** Characters that hide or reorder what is read: a person is to see all that they send. */
const unseen =
  // oxlint-disable-next-line no-control-regex -- control characters are what is removed
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu

function contentText(content: Record<string, unknown>): string {
  const { type, text, resource } = content
  if (type === 'text' && typeof text === 'string') return text
  if (type === 'resource' && isRecord(resource)) {
    const { uri, text: inside } = resource
    return typeof inside === 'string' ? `[${String(uri)}]\n${inside}` : `[left out: ${String(uri)}]`
  }
  return `[left out: ${String(type).slice(0, 40)}]`
}
