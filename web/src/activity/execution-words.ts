// How an execution ended or how far it is, in words. Pure.
import type { Execution, ExecutionStatus } from '@shared/execution.ts'
import { wasNotAnswered } from '@/lib/followed.ts'
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
    sentence: 'Its server asks something, and the call goes on when it is answered.',
  },
  awaiting_auth: {
    tone: 'warn',
    word: 'Needs sign-in',
    sentence: 'Someone has to sign in at its server; then the call goes on by itself.',
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

const notApproved: Words = {
  tone: 'muted',
  word: 'Not approved',
  sentence: 'It was not approved, so it did not run.',
}
const expired: Words = {
  tone: 'muted',
  word: 'Expired',
  sentence: 'Nobody answered in time, so it did not go on.',
}

type Ended = Pick<Execution, 'status' | 'error_code' | 'duration_ms'>

/** The words for this very execution: its status alone does not tell a no from a rule. */
export function wordsFor({ status, error_code, duration_ms }: Ended): Words {
  if (error_code === 'rejected') return notApproved
  if (wasNotAnswered({ status, duration_ms: duration_ms ?? -1 })) return expired
  return statusWords[status]
}

/** The one answer to an approval, where there was one. */
export type Decided = {
  decided_by: string | null
  decided_at: string | null
  edited: boolean
  /** Where: from a notification nothing can be changed. */
  via: 'app' | 'notification'
}
type Yes = Pick<Execution, 'approval' | 'user_id'>

/** Whose yes it ran on; null where the policy needed none. `name`: whose call it is. */
export function whoseYes(
  { approval, user_id }: Yes,
  { decided, reader, name }: { decided: Decided | null; reader: string; name: string },
): string | null {
  if (approval === null) return null
  const own = user_id === reader ? 'You' : name
  if (approval === 'always') {
    return user_id === reader ? 'You always approve it' : `${name} always approves it`
  }
  // A call that its person made themselves, or answered themselves.
  const byItsOwn = decided === null || decided.decided_by === user_id
  const who = byItsOwn ? own : decided.decided_by === reader ? 'You' : 'An admin'
  const how = decided?.edited
    ? ', with changed arguments'
    : decided?.via === 'notification'
    ? ', from a notification'
    : ''
  return `${who} approved it${how}`
}

export function isOpen(status: ExecutionStatus): boolean {
  return statusWords[status].tone === 'busy' || status.startsWith('awaiting_')
}
