// What a person can do about a call that did not work, by the code it failed with. Pure.
import type { ErrorCode } from '@shared/errors.ts'
import type { ExecutionError, ToolResult } from '@shared/execution.ts'
import { isRecord } from '@shared/json.ts'
import { formatDuration } from './format.ts'

type Code = ExecutionError['code'] | ErrorCode

/** On whose side the fault is; null where it is nobody's. */
export type Side = 'tool' | 'server' | 'network' | 'account' | 'input' | 'rules' | 'astra' | null
/**
 * What a person can do about it in one tap. `again`: the same once more. `again_with_care`: it may have run already.
 * `change`: other arguments. `sign_in`: at its server. `admin`: what only an admin of the team can mend.
 */
export type Fix = 'again' | 'again_with_care' | 'change' | 'sign_in' | 'admin'

type Failure = { side: Side; advice: string; fixes: Fix[] }

const failures: Record<Code, Failure> = {
  tool_failed: {
    side: 'tool',
    advice: 'The tool answered with an error. Other arguments may help.',
    fixes: ['change', 'again'],
  },
  invalid_parameters: {
    side: 'input',
    advice: 'Change the arguments and run it again.',
    fixes: ['change'],
  },
  upstream_unreachable: {
    side: 'network',
    advice: 'The server does not answer. Try again later, or ask an admin to test it.',
    fixes: ['again', 'admin'],
  },
  upstream_unauthorized: {
    side: 'account',
    advice: 'The server refuses Astra’s sign-in. An admin can replace its credential.',
    fixes: ['admin'],
  },
  upstream_protocol: {
    side: 'server',
    advice: 'The server answered in a way Astra cannot read. Its makers should know.',
    fixes: ['again', 'admin'],
  },
  upstream_too_large: {
    side: 'tool',
    advice: 'The answer is larger than Astra keeps. Ask the tool for less at once.',
    fixes: ['change'],
  },
  address_refused: {
    side: 'rules',
    advice: 'The server’s address may not be called from here. Ask an admin.',
    fixes: ['admin'],
  },
  credential_unreadable: {
    side: 'astra',
    advice: 'The stored credential cannot be opened. An admin should set it again.',
    fixes: ['admin'],
  },
  sign_in_needed: {
    side: 'account',
    advice: 'Someone has to sign in at the server first. Then run it again.',
    fixes: ['sign_in', 'admin'],
  },
  stdio_host_needed: {
    side: 'astra',
    advice: 'Command servers need a stdio host, and none is connected. Ask an admin.',
    fixes: ['admin'],
  },
  timeout: {
    side: 'server',
    advice: 'Try again, or ask an admin to let this tool take longer.',
    fixes: ['again_with_care', 'admin'],
  },
  cancelled: { side: null, advice: 'Run it again if it is still needed.', fixes: ['again'] },
  denied: { side: 'rules', advice: 'Ask an admin to allow this tool.', fixes: ['admin'] },
  rejected: {
    side: 'rules',
    advice: 'Other arguments may be fine: change them and ask again.',
    fixes: ['change'],
  },
  lost: {
    side: 'astra',
    advice: 'Check whether it took effect before you run it again.',
    fixes: ['again_with_care'],
  },
  internal: {
    side: 'astra',
    advice: 'The fault is on Astra’s side. Try again.',
    fixes: ['again'],
  },
  forbidden: {
    side: 'rules',
    advice: 'Only an admin of your team can change this.',
    fixes: ['admin'],
  },
  rate_limited: {
    side: 'rules',
    advice: 'Wait a minute and run it again. An admin can allow more calls.',
    fixes: ['again', 'admin'],
  },
  unavailable: {
    side: 'server',
    advice: 'Try again in a minute. If it lasts, ask an admin to test the server.',
    fixes: ['again', 'admin'],
  },
  invalid_request: { side: 'input', advice: 'Change it and send it again.', fixes: ['change'] },
  unknown_action: {
    side: 'astra',
    advice: 'This page is older than Astra itself. Load it again.',
    fixes: ['again'],
  },
  team_required: { side: 'input', advice: 'Choose a team first.', fixes: [] },
  unauthenticated: { side: 'account', advice: 'Sign in to Astra again.', fixes: [] },
  not_found: {
    side: 'rules',
    advice: 'It was removed, or it is not yours to use. An admin can tell.',
    fixes: ['admin'],
  },
  method_not_allowed: {
    side: 'astra',
    advice: 'This page is older than Astra itself. Load it again.',
    fixes: ['again'],
  },
  conflict: {
    side: null,
    advice: 'It has changed meanwhile. Look at how it is now, then try again.',
    fixes: ['again'],
  },
  in_progress: {
    side: null,
    advice: 'The same call is still under way. Wait for its end.',
    fixes: [],
  },
  too_large: { side: 'input', advice: 'Send less at once.', fixes: ['change'] },
  idempotency_mismatch: {
    side: 'astra',
    advice: 'Another call was sent under the same key. Run it anew.',
    fixes: ['again'],
  },
  unsupported: {
    side: 'server',
    advice: 'This server does not offer that, or Astra does not speak it yet.',
    fixes: ['admin'],
  },
}

const sides: Record<NonNullable<Side>, string> = {
  tool: 'The tool itself',
  server: 'The server’s side',
  network: 'On the way to the server',
  account: 'The account',
  input: 'What was sent',
  rules: 'Your team’s rules',
  astra: 'Astra’s side',
}

function failureOf(code: string | null): Failure | null {
  return code !== null && Object.hasOwn(failures, code) ? failures[code as Code] : null
}

/** A sentence, or null for codes about which nothing is known. */
export function adviceFor(code: string | null): string | null {
  return failureOf(code)?.advice ?? null
}

/** On whose side it is, in words. */
export function sideWords(code: string | null): string | null {
  const side = failureOf(code)?.side ?? null
  return side && sides[side]
}

/** What can be done about it, the likeliest first. Anything unknown may be tried again. */
export function fixesFor(code: string | null): Fix[] {
  return failureOf(code)?.fixes ?? ['again']
}

/**
 * What to do about a refusal that only time mends, and when to try again where that was told. Null for any
 * other: its own sentence says it.
 */
export function refusalAdvice(
  { code, details }: { code: string; details?: unknown },
): string | null {
  if (code !== 'rate_limited' && code !== 'unavailable') return null
  const told = isRecord(details) ? details : {}
  if (typeof told.retry_after_seconds !== 'number') return adviceFor(code)
  const when = `Try again in ${formatDuration(Math.max(told.retry_after_seconds, 1) * 1_000)}.`
  return told.reason === 'server_rests' ? `${when} If it lasts, ask an admin to test it.` : when
}

/** Before a call that may have run runs once more. */
export const mayHaveRunWarning =
  'It is not known whether the first time took effect. If the tool changes something, look there first.'

type Failed = { code: string | null; result: ToolResult | null }

/** What the tool itself said of its failure is its result: whoever shows the result leaves the reason out. */
export function reasonIsResult({ code, result }: Failed): boolean {
  return code === 'tool_failed' && result !== null && result.content.length > 0
}
