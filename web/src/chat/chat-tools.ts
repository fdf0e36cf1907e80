// A tool as the chat knows it, how it is called, and finding one among the team's. Pure.
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
  /** The server's own claims about it. */
  annotations: JsonSchema | null
  /** `required`: it runs as a task only, which Astra does not do. */
  task_support: string | null
  /** `object` where it declares the shape of its results. */
  output_type: string | null
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
