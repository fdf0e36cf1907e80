// What a person can do about a call that did not work, by the code it failed with. Pure.
import type { ExecutionError, ToolResult } from '@shared/execution.ts'
import { isRecord } from '@shared/json.ts'
import { formatDuration } from './format.ts'

type Refusal = 'forbidden' | 'rate_limited' | 'unavailable'

const advice: Record<ExecutionError['code'] | Refusal, string> = {
  tool_failed: 'The tool answered with an error. Other arguments may help.',
  invalid_parameters: 'Change the arguments and run it again.',
  upstream_unreachable: 'The server does not answer. Try again later, or ask an admin to test it.',
  upstream_unauthorized: 'The server refuses Astra’s sign-in. An admin can replace its credential.',
  upstream_protocol: 'The server answered in a way Astra cannot read. Its makers should know.',
  upstream_too_large: 'The answer is larger than Astra keeps. Ask the tool for less at once.',
  address_refused: 'The server’s address may not be called from here. Ask an admin.',
  credential_unreadable: 'The stored credential cannot be opened. An admin should set it again.',
  sign_in_needed: 'Someone has to sign in at the server first. Then run it again.',
  stdio_host_needed: 'Command servers need a stdio host, and none is connected. Ask an admin.',
  timeout: 'Try again, or ask an admin to let this tool take longer.',
  cancelled: 'Run it again if it is still needed.',
  denied: 'Ask an admin to allow this tool.',
  rejected: 'Other arguments may be fine: change them and ask again.',
  lost: 'Check whether it took effect before you run it again.',
  internal: 'The fault is on Astra’s side. Try again.',
  forbidden: 'Only an admin of your team can change this.',
  rate_limited: 'Wait a minute and run it again. An admin can allow more calls.',
  unavailable: 'Try again in a minute. If it lasts, ask an admin to test the server.',
}

/** A sentence, or null for codes about which nothing is known. */
export function adviceFor(code: string | null): string | null {
  return code !== null && Object.hasOwn(advice, code) ? advice[code as keyof typeof advice] : null
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

type Failed = { code: string | null; result: ToolResult | null }

/** What the tool itself said of its failure is its result: whoever shows the result leaves the reason out. */
export function reasonIsResult({ code, result }: Failed): boolean {
  return code === 'tool_failed' && result !== null && result.content.length > 0
}
