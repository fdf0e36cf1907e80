// Reads a stream of JSON, one value a line (application/x-ndjson), each as soon as its line is whole.

/** Throws `SyntaxError` for a line that is not JSON; whatever the stream itself throws passes through. */
export async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    while (true) {
      const { done, value } = await reader.read()
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
      const lines = rest.split('\n')
      rest = done ? '' : lines.pop()!
      for (const line of lines) if (line.trim()) yield JSON.parse(line)
      if (done) return
    }
  } finally {
    // Whoever stops reading early wants no more of it.
    await reader.cancel().catch(() => {})
  }
}
