// Words and small decisions about tools. Pure.
import type { Account } from '@shared/execution.ts'
import type { Progress } from '@shared/execution.ts'
import type { Policy } from '@shared/tool.ts'
import { formatShare } from '@/lib/format.ts'
import type { ToolRow } from './queries.ts'

export const policyWords: Record<Policy, string> = {
  allow: 'Allow',
  ask: 'Ask first',
  deny: 'Never',
}

/** For those who read the rule but do not set it. */
export const policyVerbs: Record<Policy, string> = {
  allow: 'Runs without asking',
  ask: 'Asks first',
  deny: 'Never runs',
}

export const policySentences: Record<Policy, string> = {
  allow: 'The assistant may run it without asking.',
  ask: 'A person sees the exact arguments first.',
  deny: 'It never runs.',
}

/** Offered waiting times, with the tool's own when it is another one. */
export function timeouts(now: number): number[] {
  return [...new Set([10, 30, 60, 120, 300, now])].sort((a, b) => a - b)
}

/** Every word must occur somewhere in the name, title or description. */
export function matching(tools: ToolRow[], words: string): ToolRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return tools.filter(({ tool_name, title, description }) => {
    const text = `${tool_name} ${title ?? ''} ${description ?? ''}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}

/** What the server claims about the tool: shown as its claim, never taken as a reason. */
export function claims(annotations: Record<string, unknown> | null): string[] {
  if (!annotations) return []
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations
  const said: string[] = []
  if (readOnlyHint === true) said.push('only reads')
  else if (destructiveHint === true) said.push('may delete or overwrite')
  else if (destructiveHint === false) said.push('only adds')
  if (readOnlyHint !== true && idempotentHint === true) said.push('may be repeated without harm')
  if (openWorldHint === true) said.push('reaches the outside world')
  return said
}

/** `it only reads and reaches the outside world` */
export function claimWords(said: string[]): string {
  return new Intl.ListFormat('en').format(said)
}

export const toolAccountWords: Record<Account, string> = {
  team: 'The team’s account',
  person: 'Each person’s own',
}

/** Where a tool says otherwise than its server. */
export const toolAccountSentences: Record<Account, string> = {
  team: 'Uses the team’s account',
  person: 'Uses each person’s own account',
}

/** What a running tool last said of itself: `Reading page 3 · 30%`. Its words are the server's own. */
export function progressWords({ progress, total, message }: Progress): string | null {
  const share = total !== null && total > 0
    ? formatShare(Math.min(1, Math.max(0, progress / total)))
    : null
  return [message?.trim(), share].filter(Boolean).join(' · ') || null
}
