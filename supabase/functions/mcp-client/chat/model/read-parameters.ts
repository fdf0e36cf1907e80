// Reads a tool’s parameters out of a person’s words, for the built-in router. It takes only what is
// written there: no arithmetic, no defaults, no knowledge. What it cannot read stays missing.
import type { JsonSchema } from '../../../../../shared/tool.ts'
import { parametersOf } from '../schema.ts'
import { leadsUp, mentionOf, READABLE } from '../words.ts'
import { readLabelled, readOnlyText, readQuotes, readRest } from './read-text.ts'
import {
  readChoices,
  readFormats,
  readNumbers,
  readObject,
  readOnlySwitch,
  readPairs,
  readSwitches,
} from './read-typed.ts'
import type { Reading } from './reading.ts'

export type Described = { tool_name: string; title: string | null; input_schema: JsonSchema }

/** The parameters readable from `message` for this tool, typed by its schema. */
export function readParameters(message: string, tool: Described): Record<string, unknown> {
  const text = message.slice(0, READABLE)
  const mention = mentionOf(text, tool)
  const ordered = mention !== null && leadsUp(mention.before)
  const around = mention ? `${mention.before} ${mention.after}` : text
  const reading: Reading = {
    text: ordered ? mention.after : around,
    parameters: parametersOf(tool.input_schema),
    values: new Map(),
  }
  readObject(reading)
  readPairs(reading)
  readFormats(reading)
  readChoices(reading)
  readSwitches(reading)
  readOnlySwitch(reading)
  if (reading.values.size === 0 && ordered && readOnlyText(reading)) {
    return Object.fromEntries(reading.values)
  }
  readNumbers(reading)
  readQuotes(reading)
  readLabelled(reading)
  if (ordered) readRest(reading)
  return Object.fromEntries(reading.values)
}
