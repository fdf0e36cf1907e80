// Finds written-out values in a person’s text: JSON objects, `name=value` pairs, quoted strings.
// Pure text in, spans out; knows nothing of tools.

export type Span = { start: number; end: number }
export type Pair = Span & { name: string; value: string }
export type Quote = Span & { value: string }

/** What never closes is searched for to the end of the text, which may be hostile: few openings are tried. */
const mostTries = 8

/** The end of the JSON object or array that opens at `start`, or null where it never closes. */
function closingBracket(text: string, start: number): number | null {
  let depth = 0
  let quoted = false
  for (let at = start; at < text.length; at++) {
    const letter = text[at]
    if (quoted) {
      if (letter === '\\') at++
      else if (letter === '"') quoted = false
    } else if (letter === '"') quoted = true
    else if (letter === '{' || letter === '[') depth++
    else if ((letter === '}' || letter === ']') && --depth === 0) return at + 1
  }
  return null
}

/** The first JSON object in the text that can be read. */
export function findObject(text: string): Span & { value: Record<string, unknown> } | null {
  let start = text.indexOf('{')
  for (let tries = 0; start !== -1 && tries < mostTries; tries++) {
    const end = closingBracket(text, start)
    if (end === null) return null
    try {
      return { start, end, value: JSON.parse(text.slice(start, end)) }
    } catch {
      start = text.indexOf('{', start + 1)
    }
  }
  return null
}

function unescaped(inner: string): string {
  return inner.replace(/\\(["'\\])/g, '$1').replace(/\\n/g, '\n')
}

/** The value that begins at `start`: quoted, or up to the next white space. */
function readValue(text: string, start: number): Quote {
  const opening = text[start]
  if (opening === '"' || opening === "'") {
    for (let at = start + 1; at < text.length; at++) {
      if (text[at] === '\\') at++
      else if (text[at] === opening) {
        return { start, end: at + 1, value: unescaped(text.slice(start + 1, at)) }
      }
    }
  }
  const bare = /^\S*/.exec(text.slice(start))?.[0] ?? ''
  return { start, end: start + bare.length, value: bare.replace(/[,;]$/, '') }
}

/** Every `name=value` in the text. `accepts` says which names count. */
export function findPairs(text: string, accepts: (name: string) => boolean): Pair[] {
  const pairs: Pair[] = []
  const opening = /(?<![^\s,;(])([\p{L}_$][\p{L}\p{N}_.$-]*)\s*=\s*/uy
  let unclosed = 0
  for (let at = 0; at < text.length;) {
    opening.lastIndex = at
    const found = opening.exec(text)
    if (!found?.[1] || !accepts(found[1])) {
      at++
      continue
    }
    const start = opening.lastIndex
    const isJson = (text[start] === '{' || text[start] === '[') && unclosed < mostTries
    const closing = isJson ? closingBracket(text, start) : null
    if (isJson && closing === null) unclosed++
    const { end, value } = closing === null
      ? readValue(text, start)
      : { end: closing, value: text.slice(start, closing) }
    pairs.push({ start: at, end, name: found[1], value })
    at = Math.max(end, at + 1)
  }
  return pairs
}

/** Quoted strings that stand alone: an apostrophe inside a word opens nothing. */
export function findQuotes(text: string): Quote[] {
  const quotes =
    /(?<![\p{L}\p{N}])(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|“([^“”]*)”)(?![\p{L}\p{N}])/gu
  return [...text.matchAll(quotes)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
    value: unescaped(found[1] ?? found[2] ?? found[3] ?? ''),
  }))
}

/** The text without the spans. */
export function without(text: string, spans: Span[]): string {
  const ordered = [...spans].sort((one, other) => one.start - other.start)
  let rest = ''
  let from = 0
  for (const span of ordered) {
    if (span.start < from) continue
    rest += text.slice(from, span.start) + ' '
    from = span.end
  }
  return rest + text.slice(from)
}
