// Splits names and sentences into words, one way everywhere: `get-tiny_imageURL` → get tiny image url.

/** At most this much of a message is read for words: it may be a pasted book. */
export const READABLE = 20_000
/** Longer names are sentences: nobody writes them out, and each would be a search of its own. */
const NAME_CHARACTERS = 256
const NAME_WORDS = 16

export function words(text: string): string[] {
  return text
    .normalize('NFKC')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Matches a name as people write it: `get-sum`, `get_sum`, `getSum`, `get sum`. Null for no or too many words. */
export function nameSource(name: string): string | null {
  if (name.length > NAME_CHARACTERS) return null
  const parts = words(name)
  if (parts.length === 0 || parts.length > NAME_WORDS) return null
  return `(?<![\\p{L}\\p{N}_-])${
    parts.map(escaped).join('[\\s_-]*')
  }(?![\\p{L}\\p{N}_]|-[\\p{L}\\p{N}])`
}

export type Mention = { before: string; after: string }

const LEAD_IN = new RegExp(
  '^[\\s,.:!]*((please|hey|hi|hello|astra|ok|okay|now|just|then|can|could|would|will|you|i|want|need|like|' +
    "to|let's|lets|go|ahead|and|run|use|call|execute|try|invoke|start|do|the|a|an|tool|called|named)[\\s,:!]+)*$",
  'iu',
)

/** Where a tool is mentioned by its name or title; its longest mention wins. */
export function mentionOf(
  text: string,
  tool: { tool_name: string; title: string | null },
): Mention | null {
  const title = tool.title?.replace(/\btool\b/gi, '') ?? ''
  const found = [tool.tool_name, title].flatMap((name) => {
    const source = nameSource(name)
    const match = source === null ? null : new RegExp(source, 'iu').exec(text)
    return match ? [match] : []
  })
  const longest = found.sort((one, other) => other[0].length - one[0].length)[0]
  if (!longest) return null
  const after = text.slice(longest.index + longest[0].length).replace(/^\s+tool\b/i, '')
  return { before: text.slice(0, longest.index), after }
}

/** Whether what stands before a tool’s name only leads up to it: “please run the …”. */
export function leadsUp(before: string): boolean {
  return before.length < 200 && LEAD_IN.test(before)
}

/** Whether the message orders this tool by name: it begins with it, politeness aside. */
export function commands(
  text: string,
  tool: { tool_name: string; title: string | null },
): boolean {
  const mention = mentionOf(text.slice(0, READABLE), tool)
  return mention !== null && leadsUp(mention.before)
}
