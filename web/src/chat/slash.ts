// Reads back a person's own call, so that it is shown as what it is and not as JSON. Pure.

import { type NamedTool, titleOfKey, toolTitle } from '@/lib/tool-title.ts'

export type PersonCall = { key: string; parameters: Record<string, unknown> }

/** A message made by `slashCommand`; null for anything else a person wrote, other slash commands included. */
export function readPersonCall(text: string): PersonCall | null {
  const [, key, json] = /^\/([A-Za-z0-9_-]{1,64}) (\{[\s\S]*\})$/.exec(text) ?? []
  if (!key || !json) return null
  try {
    return { key, parameters: JSON.parse(json) as Record<string, unknown> }
  } catch {
    return null
  }
}

/** A chat that began with a command is called after its tool, not after the command’s beginning. */
export function readableTitle(title: string, tools: Map<string, NamedTool>): string {
  const [, key] = /^\/([A-Za-z0-9_.-]+)(?:\s|$)/.exec(title) ?? []
  if (!key) return title
  const tool = tools.get(key)
  return tool ? toolTitle(tool) : titleOfKey(key)
}
