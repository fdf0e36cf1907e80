// What a tool is called, wherever it is named. Pure.
import { readableName } from './format.ts'

export type NamedTool = { tool_name: string; title: string | null }

/** Its title, or its name in words. “Echo Tool” says nothing that “Echo” does not. */
export function toolTitle({ title, tool_name }: NamedTool): string {
  const words = title?.trim() || readableName(tool_name)
  return words.replace(/(?<=\S)\s+tool$/i, '')
}

/** Where nothing but the key is left of a tool: `everything__get-sum` is “Get sum”. */
export function titleOfKey(key: string): string {
  const [, tool_name] = /__(.+)$/.exec(key) ?? []
  return toolTitle({ title: null, tool_name: tool_name ?? key })
}
