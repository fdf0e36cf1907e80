// Which tools a message is about, by full-text search over their names, titles and descriptions.
// MiniSearch (BM25+) scores; the only rules here are what counts as being about a tool at all.
import MiniSearch from 'minisearch'
import type { JsonSchema } from '../../../../../shared/tool.ts'
import { findPairs, findQuotes, without } from '../scan.ts'
import { parametersOf } from '../schema.ts'
import { commands, READABLE, words } from '../words.ts'

export type Rankable = {
  key: string
  server_name: string
  tool_name: string
  title: string | null
  description: string | null
  input_schema: JsonSchema
}
export type Ranked = {
  key: string
  /** Whether the match is worth acting on; otherwise it is only worth suggesting. */
  fits: boolean
}

const QUERY_WORDS = 64
/** Which tool is meant, a message says early. */
const TELLING_CHARACTERS = 4_000
/** Of each text a server writes about a tool: what matters about it is said by then. */
const SEARCHED_CHARACTERS = 2_000
/** Words that say that something is wanted, not what. */
const EMPTY_WORDS = new Set(
  ('a about all an and any are as at be but by can could do does did for from give get gets got has have he her hey hi how i if in ' +
    'is it its just let like make me my need of on or our out please return returns show she so some tell than that ' +
    'the their them then there these they thing this to tool tools up us use using run call want was we were what ' +
    'when where which who why will with would you your astra server').split(' '),
)

function searchable(tools: Rankable[]): MiniSearch {
  const index = new MiniSearch({
    idField: 'key',
    fields: ['name', 'title', 'description', 'parameters', 'server'],
    tokenize: words,
    processTerm: (term) => EMPTY_WORDS.has(term) ? null : term,
  })
  index.addAll(tools.map((tool) => ({
    key: tool.key,
    name: tool.tool_name,
    title: (tool.title ?? '').slice(0, SEARCHED_CHARACTERS),
    description: (tool.description ?? '').slice(0, SEARCHED_CHARACTERS),
    parameters: parametersOf(tool.input_schema)
      .map((one) => [one.name, ...(one.choices ?? [])].join(' ')).join(' ')
      .slice(0, SEARCHED_CHARACTERS),
    server: tool.server_name,
  })))
  return index
}

/** The words of a message that may say which tool: no filling words, and none that are plainly values. */
function tellingWords(text: string): string[] {
  const values = [...findPairs(text, () => true), ...findQuotes(text)]
  const plain = without(text, values).replace(/\S+:\/\/\S+|\S+@\S+|\{.*\}/gs, ' ')
  const telling = words(plain).filter((word) => !EMPTY_WORDS.has(word) && !/^\p{N}+$/u.test(word))
  return [...new Set(telling)].slice(0, QUERY_WORDS)
}

/**
 * Tools for a message, best first. A tool the message orders by name comes before any other. Otherwise
 * a match fits when most telling words of the message are about it, and one of them is in its name or
 * title, or two are in its description or parameters.
 */
export function rank(message: string, tools: Rankable[]): Ranked[] {
  const text = message.slice(0, READABLE)
  const telling = tellingWords(text.slice(0, TELLING_CHARACTERS))
  const found = searchable(tools).search(telling.join(' '), {
    boost: { name: 3, title: 2, description: 1, parameters: 0.5, server: 0.5 },
    prefix: (term) => term.length > 3,
    fuzzy: (term) => term.length > 4 ? 0.2 : false,
  })
  const common = wordsOfMostNames(tools)
  const ranked = found.map(({ id, match, queryTerms }): Ranked => {
    const matched = Object.entries(match)
    const named = matched.some(([term, fields]) =>
      !common.has(term) && (fields.includes('name') || fields.includes('title'))
    )
    const described = matched.filter(([, fields]) =>
      fields.includes('description') || fields.includes('parameters')
    )
    const most = queryTerms.length > telling.length / 2
    return { key: String(id), fits: most && (named || described.length > 1) }
  })
  const place = new Map(ranked.map((one, index) => [one.key, index]))
  const placeOf = (tool: Rankable) => place.get(tool.key) ?? tools.length
  const ordered = tools.filter((tool) => commands(text, tool))
    .sort((one, other) =>
      other.tool_name.length - one.tool_name.length || placeOf(one) - placeOf(other)
    )
    .map((tool): Ranked => ({ key: tool.key, fits: true }))
  const first = new Set(ordered.map((one) => one.key))
  return [...ordered, ...ranked.filter((one) => !first.has(one.key))]
}

/** A word in more than a third of the names (`list`, `github`) tells none of them apart. */
function wordsOfMostNames(tools: Rankable[]): Set<string> {
  const counts = new Map<string, number>()
  for (const tool of tools) {
    for (const word of new Set(words(`${tool.tool_name} ${tool.title ?? ''}`))) {
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
  }
  const most = Math.max(3, tools.length / 3)
  return new Set([...counts].filter(([, count]) => count > most).map(([word]) => word))
}
