// Log lines: one JSON object each, parameters beside the message and never inside it.

type Level = 'info' | 'warn' | 'error'

/** Writes one line. `thrown` is reduced to its name, message and stack; values are capped. */
export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
  const line = { level, message, ...fields, ...('thrown' in fields && describe(fields.thrown)) }
  console[level](
    JSON.stringify(line, (_key, value) => typeof value === 'string' ? cap(value) : value),
  )
}

function describe(thrown: unknown) {
  if (!(thrown instanceof Error)) return { thrown: String(thrown) }
  return {
    thrown: undefined,
    error: thrown.name,
    error_message: thrown.message,
    stack: thrown.stack,
  }
}

function cap(text: string): string {
  return text.length > 4_000 ? `${text.slice(0, 4_000)}…` : text
}
