// Words and small decisions about tools. Pure.
import type { Account } from '@shared/execution.ts'
import type { Progress } from '@shared/execution.ts'
import type { Policy } from '@shared/tool.ts'
import { isRecord } from '@shared/json.ts'
import { CallError } from '@/lib/call.ts'
import { count, formatShare } from '@/lib/format.ts'
import { nameOf } from '@/lib/person-name.ts'
import { lengthWords, windowWords } from './amounts.ts'
import type { PolicyChange, StandingApproval, ToolRow } from './tool-queries.ts'

/** As a list offers them: from the freest to the strictest. */
export const policyOrder = ['allow', 'ask', 'ask_admin', 'deny'] as const

export const policyWords: Record<Policy, string> = {
  allow: 'Allow',
  ask: 'Ask',
  ask_admin: 'Ask an admin',
  deny: 'Never',
}

/** For those who read the rule but do not set it. */
export const policyVerbs: Record<Policy, string> = {
  allow: 'Runs without asking',
  ask: 'Asks you first',
  ask_admin: 'Asks an admin first',
  deny: 'Never runs',
}

export const policySentences: Record<Policy, string> = {
  allow: 'The assistant may run it without asking.',
  ask: 'The person sees the exact arguments first, and says yes or no.',
  ask_admin: 'An admin sees the exact arguments first, and says yes or no.',
  deny: 'It never runs.',
}

/** What a rule for several tools did: `4 tools now ask an admin first.` */
export function ruledWords(many: number, policy: Policy): string {
  const one = many === 1
  const done: Record<Policy, string> = {
    allow: one ? 'runs without asking' : 'run without asking',
    ask: one ? 'asks first' : 'ask first',
    ask_admin: one ? 'asks an admin first' : 'ask an admin first',
    deny: one ? 'never runs' : 'never run',
  }
  return `${count(many, 'tool')} now ${done[policy]}.`
}

type Standing = NonNullable<StandingApproval['tool']>

/** Why a standing yes does not count at present; null where it does. */
export function standingWords(
  tool: Pick<Standing, 'changed' | 'policy' | 'allows_always'> | null,
): string | null {
  if (tool === null) return 'Its server no longer offers it.'
  if (tool.changed) return 'Its server has changed it since: you are asked again.'
  if (tool.policy === 'allow') return 'Your team’s rule lets it run without asking anyway.'
  if (tool.policy === 'ask' && tool.allows_always) return null
  return 'Your team’s rule does not allow it at present: your “always” does not count.'
}

type Change = Pick<
  PolicyChange,
  | 'policy_before'
  | 'policy'
  | 'allows_always_before'
  | 'allows_always'
  | 'sends_out_before'
  | 'sends_out'
>

/** `From Allow to Ask an admin`, or what else was decided about asking. */
export function changeWords(change: Change): string {
  const { policy_before, policy, allows_always_before, allows_always } = change
  const { sends_out_before, sends_out } = change
  const said: string[] = []
  if (policy_before !== policy) {
    said.push(`From “${policyWords[policy_before]}” to “${policyWords[policy]}”`)
  }
  if (allows_always_before !== allows_always) {
    said.push(`“Always for me” ${allows_always ? 'may be chosen' : 'may no longer be chosen'}`)
  }
  if (sends_out_before !== sends_out) {
    said.push(sends_out ? 'It can send data out' : 'It sends nothing out')
  }
  return said.join('. ')
}

type By = Pick<
  PolicyChange,
  'changed_by' | 'profiles' | 'policy_before' | 'policy' | 'sends_out_before' | 'sends_out'
>

/** A name, or Astra itself, which takes an allowance back when a definition changes. */
export function changedBy({ changed_by, profiles, ...change }: By): string {
  const askedAgain = change.policy_before === 'allow' && change.policy === 'ask'
  const doubted = !change.sends_out_before && change.sends_out
  if (changed_by === null && (askedAgain || doubted)) {
    return 'Astra, because the server changed the tool'
  }
  return nameOf(profiles)
}

/** What sending out means, for whoever rules on it and for whoever meets it. */
export const sendsOutSentence =
  'Once a chat has read content from outside, the assistant asks a person before each call of it.'

/** What such a rule for several tools did. */
export function sendsOutWords(many: number, sends_out: boolean): string {
  const one = many === 1
  if (!sends_out) {
    return `${count(many, 'tool')} ${one ? 'counts' : 'count'} as sending nothing out.`
  }
  return `${count(many, 'tool')} ${one ? 'counts' : 'count'} as able to send data out.`
}

/** Offered waiting times, with the tool's own when it is another one. */
export function timeouts(now: number): number[] {
  return [...new Set([10, 30, 60, 120, 300, now])].sort((a, b) => a - b)
}

/** Offered times to keep an answer for; a person may write another one. */
export const cacheTimes = [60, 300, 3_600]

type Ruled = Pick<
  ToolRow,
  | 'policy'
  | 'timeout_seconds'
  | 'allows_always'
  | 'is_idempotent'
  | 'cache_seconds'
  | 'rate_limit'
  | 'sends_out'
>

/** Where a tool differs from a new one, beside its policy: short facts for a line under its name. */
export function exceptions(tool: Ruled, window_seconds: number | null): string[] {
  const { policy, timeout_seconds, cache_seconds, rate_limit } = tool
  const said: string[] = []
  if (policy === 'ask' && tool.allows_always) said.push('people may always allow it')
  if (!tool.sends_out) said.push('sends nothing out')
  if (timeout_seconds !== 30) said.push(`waits up to ${lengthWords(timeout_seconds)}`)
  if (tool.is_idempotent) said.push('may be tried again')
  if (cache_seconds !== null) said.push(`same answer for ${lengthWords(cache_seconds)}`)
  if (rate_limit !== null) {
    const every = window_seconds === null ? '' : ` in every ${windowWords(window_seconds)}`
    said.push(`at most ${count(rate_limit, 'call')}${every}`)
  }
  return said
}

/** Every word must occur somewhere in the name, title or description. */
export function matching(tools: ToolRow[], words: string): ToolRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return tools.filter(({ tool_name, title, description }) => {
    const text = `${tool_name} ${title ?? ''} ${description ?? ''}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}

/** By the server's own word, which proves nothing. */
export function saysItOnlyReads({ annotations }: Pick<ToolRow, 'annotations'>): boolean {
  return annotations?.readOnlyHint === true
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

/** Why a call did not begin, and how long to wait where that is why. */
export function refusalWords(error: Error): string {
  const details = error instanceof CallError && isRecord(error.details) ? error.details : {}
  const { retry_after_seconds: wait } = details
  return typeof wait === 'number' && wait > 0
    ? `${error.message} Try again in ${lengthWords(Math.ceil(wait))}.`
    : error.message
}
