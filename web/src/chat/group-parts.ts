// The parts of an answer in the order they are drawn: texts, and calls that follow one another together. Pure.
import type { DynamicToolUIPart, ToolUIPart } from 'ai'
import type { MessagePart } from './chat-message.ts'
import { isToolPart } from './tool-call.ts'

export type PartGroup =
  | { kind: 'text'; text: string }
  | { kind: 'calls'; parts: (ToolUIPart | DynamicToolUIPart)[] }

export function groupParts(parts: MessagePart[]): PartGroup[] {
  const groups: PartGroup[] = []
  for (const part of parts) {
    const last = groups.at(-1)
    if (part.type === 'text' && part.text.trim() !== '') {
      groups.push({ kind: 'text', text: part.text })
    } else if (isToolPart(part)) {
      if (last?.kind === 'calls') last.parts.push(part)
      else groups.push({ kind: 'calls', parts: [part] })
    }
  }
  return groups
}
