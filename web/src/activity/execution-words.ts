// How an execution ended or how far it is, in words, and whose turn it is when it did not work. Pure.
import type { ExecutionError, ExecutionStatus } from '@shared/execution.ts'
import type { Tone } from '@/ui/status.tsx'

type Words = { tone: Tone; word: string; sentence: string | null }

export const statusWords: Record<ExecutionStatus, Words> = {
  pending: { tone: 'busy', word: 'Starting', sentence: null },
  running: { tone: 'busy', word: 'Running', sentence: null },
  awaiting_approval: {
    tone: 'warn',
    word: 'Needs approval',
    sentence: 'Someone has to approve it first.',
  },
  awaiting_input: {
    tone: 'warn',
    word: 'Needs an answer',
    sentence: 'The tool asked for something more.',
  },
  awaiting_auth: {
    tone: 'warn',
    word: 'Needs sign-in',
    sentence: 'The server wants a fresh sign-in.',
  },
  success: { tone: 'ok', word: 'Done', sentence: null },
  error: {
    tone: 'bad',
    word: 'Failed',
    sentence: 'It did not work, and the server did not say why.',
  },
  timeout: {
    tone: 'warn',
    word: 'Timed out',
    sentence: 'The server took longer than this tool may take.',
  },
  cancelled: { tone: 'muted', word: 'Cancelled', sentence: 'It was stopped before it ended.' },
  denied: { tone: 'muted', word: 'Refused', sentence: 'The team’s rules do not allow this tool.' },
  unknown: {
    tone: 'warn',
    word: 'Lost',
    sentence: 'Astra lost sight of it. The tool may have run: look before you run it again.',
  },
}

/** What a person can do about it. */
export const adviceFor: Record<ExecutionError['code'], string> = {
  tool_failed: 'Its answer is below. Other arguments may help.',
  invalid_parameters: 'Change the arguments and run it again.',
  upstream_unreachable: 'The server does not answer. Try again later, or ask an admin to test it.',
  upstream_unauthorized: 'The server refuses Astra’s sign-in. An admin can replace its credential.',
  upstream_protocol: 'The server answered in a way Astra cannot read. Its makers should know.',
  upstream_too_large: 'The answer is larger than Astra keeps. Ask the tool for less at once.',
  address_refused: 'The server’s address may not be called from here. Ask an admin.',
  credential_unreadable: 'The stored credential cannot be opened. An admin should set it again.',
  stdio_host_needed: 'Command servers need a stdio host, and none is connected. Ask an admin.',
  timeout: 'Try again, or ask an admin to let this tool take longer.',
  cancelled: 'Run it again if it is still needed.',
  denied: 'Ask an admin to allow this tool.',
  lost: 'Check whether it took effect before you run it again.',
  internal: 'The fault is on Astra’s side. Try again.',
}

export function isOpen(status: ExecutionStatus): boolean {
  return statusWords[status].tone === 'busy' || status.startsWith('awaiting_')
}
