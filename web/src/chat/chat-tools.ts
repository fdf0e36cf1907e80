// The team's tools under the keys the server gives them, and finding one among them. Pure.
import { toolKeys } from '@shared/naming.ts'
import type { JsonSchema, Policy } from '@shared/tool.ts'
import { readableName } from '@/lib/format.ts'

export type ChatTool = {
  id: string
  server_id: string
  server_name: string
  tool_name: string
  title: string | null
  description: string | null
  input_schema: JsonSchema
  policy: Policy
}

/** The same tools in the same order as the chat door reads them: equal lists give equal keys. */
export function keyedTools(
  tools: Omit<ChatTool, 'server_name'>[],
  serverNames: Map<string, string>,
): Map<string, ChatTool> {
  const usable = tools.flatMap((tool) => {
    const server_name = serverNames.get(tool.server_id)
    return server_name === undefined ? [] : [{ ...tool, server_name }]
  })
  return toolKeys(usable.sort(byServerThenTool))
}

/** By code units, as the server sorts: no locale may change a key. */
function byServerThenTool(one: ChatTool, other: ChatTool): number {
  const [a, b] = [
    `${one.server_name}\0${one.tool_name}`,
    `${other.server_name}\0${other.tool_name}`,
  ]
  return a < b ? -1 : a > b ? 1 : 0
}

/** Its title, or its name in words. “Echo Tool” says nothing that “Echo” does not. */
export function toolTitle(tool: { title: string | null; tool_name: string }): string {
  const title = tool.title?.trim() || readableName(tool.tool_name)
  return title.replace(/(?<=\S)\s+tool$/i, '')
}

export type Found = { key: string; tool: ChatTool }

/**
 * Tools whose name, title, server or description has every word of what was typed; names before
 * descriptions. Denied tools are never offered.
 */
export function findTools(tools: Map<string, ChatTool>, typed: string): Found[] {
  const words = typed.toLowerCase().split(/[\s_\-.]+/).filter(Boolean)
  const scored = [...tools].flatMap(([key, tool]) => {
    const score = tool.policy === 'deny' ? 0 : scoreOf(key, tool, words)
    return score > 0 ? [{ key, tool, score }] : []
  })
  return scored.sort((a, b) => b.score - a.score).map(({ key, tool }) => ({ key, tool }))
}

function scoreOf(key: string, tool: ChatTool, words: string[]): number {
  const name = `${tool.title ?? ''} ${readableName(tool.tool_name)} ${tool.tool_name}`.toLowerCase()
  const rest = `${key} ${tool.server_name} ${tool.description ?? ''}`.toLowerCase()
  let score = 1
  for (const word of words) {
    if (name.startsWith(word)) score += 4
    else if (name.includes(word)) score += 3
    else if (rest.includes(word)) score += 1
    else return 0
  }
  return score
}

/** What follows the `/` at the very start of a draft, while it is still the name being typed. */
export function paletteFilter(draft: string): string | null {
  return /^\/([A-Za-z0-9_.-]*)$/.exec(draft)?.[1] ?? null
}
