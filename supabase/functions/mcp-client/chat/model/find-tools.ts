// Tool search for a language model: which of hundreds of tools a question is about. MiniSearch (BM25+)
// scores one word at a time; ours are the stems, the words of one meaning, and the weights, each kept
// because it was measured to help (scripts/bench/many-tools).
import MiniSearch from 'minisearch'
import { parametersOf } from '../schema.ts'
import { words } from '../words.ts'
import type { Rankable } from './rank.ts'
import { meaningsBy } from './thesaurus.ts'

const QUERY_CHARACTERS = 500
const QUERY_WORDS = 32
/** Of each text a server writes about a tool: what matters about it is said by then. */
const SEARCHED_CHARACTERS = 600
const WEIGHTS = { name: 2, title: 2, description: 1.6, parameters: 0.3, server: 1.2 }

/** Words without which a question asks for the same. */
const EMPTY_WORDS = new Set(
  ('a about am an and are as at be been but by can could did do does for from has have he her him his i if in is it its ' +
    'just like ll m me my need of on or our please s she so some than that the their them then there these they ' +
    'this those to tool tools up us ve want was we were who will with would you your').split(' '),
)

/** What some values and turns of phrase are, said in the words of tools. */
const SAID: [RegExp, string][] = [
  [/https?:\/\/\S+/g, ' web page url '],
  [/\S+@\S+\.\S+/g, ' email '],
  [/(?<!\S)#\p{L}[\p{L}\p{N}_-]*/gu, ' channel message '],
  [/\b[A-Z]{2,6}-\d+\b/g, ' issue '],
  [/\b\d{1,2}(?::\d\d|\s*(?:o['’]clock|am|pm))/gi, ' event calendar '],
  [/\b(?:at|from) \d{1,2}\b/gi, ' event calendar '],
  [/\bfile (?=an? )/gi, 'create '],
  [/\b(?:get|bring|put|roll|have)\b.{0,24}\bback\b/gi, '$& restore '],
  [/(?<=\p{Ll} )\p{Lu}\p{Ll}+\b/gu, '$& person '],
]

/** Strips the endings of English that say how a word is used, not what it means. */
function stem(word: string): string {
  if (word.length < 4 || word === 'news' || /\p{N}/u.test(word)) return word
  const bare = word.replace(/(?:ies|ied)$/, 'y').replace(/(?:ing|ed|es|s|ly|ion|ions)$/, '')
  return (bare.length < 3 ? word : bare).replace(/([bdgmnprt])\1$/, '$1').replace(/e$/, '')
}

const meanings = meaningsBy(stem)

/** A word as it is indexed and looked for: its stem, and the names of what it may mean. */
function terms(word: string): string[] | null {
  if (EMPTY_WORDS.has(word)) return null
  const own = stem(word)
  return [own, ...meanings.get(own) ?? []]
}

function indexOf(tools: Rankable[]): MiniSearch {
  const index = new MiniSearch({
    idField: 'key',
    fields: Object.keys(WEIGHTS),
    tokenize: words,
    processTerm: terms,
  })
  index.addAll(tools.map((tool) => ({
    key: tool.key,
    name: tool.tool_name,
    title: (tool.title ?? '').slice(0, SEARCHED_CHARACTERS),
    description: (tool.description ?? '').slice(0, SEARCHED_CHARACTERS),
    parameters: parametersOf(tool.input_schema).map(({ name }) => name).join(' ')
      .slice(0, SEARCHED_CHARACTERS),
    server: tool.server_name,
  })))
  return index
}

/** The tools a question may be about, by key, best first. */
export function findTools(asked: string, tools: Rankable[]): string[] {
  const index = indexOf(tools)
  const text = SAID.reduce(
    (said, [value, words]) => said.replace(value, words),
    asked.slice(0, QUERY_CHARACTERS),
  )
  const looked = [...new Set(words(text))].flatMap((word) => {
    const found = terms(word)
    return found ? [found] : []
  }).slice(0, QUERY_WORDS)
  const totals = new Map<string, { score: number; words: number }>()
  for (const meant of looked) {
    for (const [key, score] of scoresOf(meant, index)) {
      const before = totals.get(key) ?? { score: 0, words: 0 }
      totals.set(key, { score: before.score + score, words: before.words + 1 })
    }
  }
  // Half of a question answered well is worth less than the whole of it.
  const worth = ({ score, words }: { score: number; words: number }) => score * Math.sqrt(words)
  return [...totals].sort(([, one], [, other]) => worth(other) - worth(one)).map(([key]) => key)
}

/** How well tools fit one word: by the word itself or by the best of its meanings, never by their sum. */
function scoresOf([own = '', ...meant]: string[], index: MiniSearch): Map<string, number> {
  const best = new Map<string, number>()
  for (const term of [own, ...meant]) {
    const loose = term === own
    const found = index.search(term, {
      boost: WEIGHTS,
      tokenize: (text) => [text],
      processTerm: (one) => one,
      prefix: loose && term.length > 3,
      fuzzy: loose && term.length > 5 ? 0.15 : false,
      weights: { prefix: 0.1, fuzzy: 0.2 },
      bm25: { k: 0.8, b: 0.3, d: 0 },
    })
    for (const { id, score } of found) {
      best.set(String(id), Math.max(best.get(String(id)) ?? 0, score))
    }
  }
  return best
}
