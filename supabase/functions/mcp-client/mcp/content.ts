// Bounds what a tool may answer, and cleans upstream text that people will read. Pure.
// Too much is refused, never cut: half of a JSON document is a different document.
import type { ToolResult } from '../../../../shared/execution.ts'
import { isRecord } from '../../../../shared/json.ts'

export const resultLimits = { blocks: 1_000, depth: 64, bytes: 4 * 1024 * 1024 } as const
/** Four megabytes hold half a million numbers, and each costs a hundred bytes every time it is copied. */
const mostValues = 100_000

export type Capped =
  | { ok: true; result: ToolResult }
  | { ok: false; reason: 'protocol' | 'too_large'; message: string }

/**
 * Checks a raw MCP `CallToolResult` of any protocol version. Unknown fields and block types are kept.
 * A result with structured content only is given the empty `content` that readers expect.
 */
export function capResult(raw: unknown): Capped {
  if (!isRecord(raw)) return notAResult
  const content = raw.content ??
    (raw.structuredContent !== undefined || raw.isError === true ? [] : null)
  if (!Array.isArray(content) || !content.every(isBlock)) return notAResult
  if (content.length > resultLimits.blocks) {
    return tooLarge(`The result has more than ${resultLimits.blocks} parts`)
  }
  const size = measure(raw, resultLimits)
  if (size === 'too_deep') {
    return tooLarge(`The result is nested deeper than ${resultLimits.depth} levels`)
  }
  if (size === 'too_large') return tooLarge('The result is larger than 4 MiB or 100,000 values')
  return { ok: true, result: raw.content === content ? raw as ToolResult : { ...raw, content } }
}

const notAResult: Capped = {
  ok: false,
  reason: 'protocol',
  message: 'The server’s answer is not a tool result',
}

function tooLarge(message: string): Capped {
  return { ok: false, reason: 'too_large', message }
}

function isBlock(value: unknown): boolean {
  return isRecord(value) && typeof value.type === 'string'
}

/**
 * Walks a parsed JSON value without recursion, so that depth cannot exhaust the stack. Sizes are the
 * characters of names and scalars: close to the wire’s bytes without building the text again.
 */
export function measure(
  value: unknown,
  limits: { depth: number; bytes: number },
): 'fits' | 'too_deep' | 'too_large' {
  let level: unknown[] = [value]
  let bytes = 0
  let values = 0
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limits.depth) return 'too_deep'
    const next: unknown[] = []
    values += level.length
    if (values > mostValues) return 'too_large'
    for (const item of level) {
      if (typeof item === 'string') bytes += item.length + 2
      else if (typeof item !== 'object' || item === null) bytes += 4
      else if (Array.isArray(item)) {
        bytes += item.length
        for (const entry of item) next.push(entry)
      } else {
        for (const name of Object.keys(item)) {
          bytes += name.length + 4
          next.push((item as Record<string, unknown>)[name])
        }
      }
      if (bytes > limits.bytes) return 'too_large'
    }
    level = next
  }
  return 'fits'
}

/** ANSI sequences; C0/C1 controls but tab and newline; bidi controls; zero-width and tag characters. */
const unseen =
  // deno-lint-ignore no-control-regex
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu

/** Upstream text without what no reader sees: what is left is what a person and a model both read. */
export function visible(text: string): string {
  return text.toWellFormed().replace(unseen, '')
}

/** Upstream text made fit to show and store: at most `max` characters, nothing invisible in it. */
export function cleanText(text: string, max = 2_000): string {
  // Cut first, generously, so that a huge text is not searched to its end.
  const plain = visible(text.slice(0, max * 4)).trim()
  // A cut never leaves half of a character behind.
  return plain.length > max ? `${plain.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…` : plain
}
