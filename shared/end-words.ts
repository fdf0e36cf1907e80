// How a call ended, in the few words that follow its name: in a notice and in a notification alike.
import type { ExecutionStatus } from './execution.ts'

const words: Partial<Record<ExecutionStatus, string>> = {
  success: 'is done',
  error: 'failed',
  timeout: 'timed out',
  cancelled: 'was cancelled',
  denied: 'did not run',
  unknown: 'was lost sight of: it may have run',
}

export function endWords(status: ExecutionStatus | undefined): string {
  return (status && words[status]) ?? 'has ended'
}
