// Where a text has the words that were looked for, at the beginning of a word. Pure.

export type Piece = { text: string; hit: boolean }

export function marked(text: string, typed: string): Piece[] {
  const words = typed.split(/\s+/).filter(Boolean).map((word) =>
    word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  )
  if (words.length === 0) return [{ text, hit: false }]
  // The longest first, so that none stops at the beginning of another.
  const any = words.sort((a, b) => b.length - a.length).join('|')
  // Scripts without spaces have no beginnings to go by.
  const beginning = '(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}\\p{N}])'
  return text.split(new RegExp(`${beginning}(${any})`, 'giu'))
    .map((piece, at) => ({ text: piece, hit: at % 2 === 1 }))
    .filter(({ text }) => text !== '')
}
