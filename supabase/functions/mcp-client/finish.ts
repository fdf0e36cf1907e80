// The corridor's second round trip: ends an execution's row after its answer, and knows which rows are
// still waiting for their end, so that nobody reads one too early.
import type { FieldProblem } from '../../../shared/errors.ts'
import type {
  Attempt,
  ExecutionError,
  ExecutionStatus,
  ToolResult,
} from '../../../shared/execution.ts'
import type { App } from './app.ts'
import { read } from './db.ts'
import { log } from './log.ts'
import type { StoredProtocol } from './mcp/upstream.ts'
import { pause } from './pause.ts'
import { isFollowed, pushSoon } from './push-delivery.ts'
import { deliverSoon } from './webhook-delivery.ts'

export type Ended = {
  status: ExecutionStatus
  result?: ToolResult
  error?: ExecutionError
  problems?: FieldProblem[]
  /** Every try, where there was more than one or it failed. */
  attempts?: Attempt[]
  /** `async`: its team’s webhook is told as soon as it is on record. */
  mode?: 'sync' | 'async'
  /** A new negotiation verdict, to be kept with the server. */
  protocol?: StoredProtocol
}

const waiting = new Map<string, Promise<void>>()

/** How long a database may be away before a row is left to the reaper. */
const PATIENCE_MS = 60_000
const LONGEST_PAUSE_MS = 5_000

/** How long to wait before the next try; null when it is time to give up. `chance` is in [0, 1). */
export function pauseBefore(
  tries: number,
  { spent_ms, chance }: { spent_ms: number; chance: number },
): number | null {
  if (spent_ms >= PATIENCE_MS) return null
  return Math.min(100 * 2 ** tries * (0.5 + chance), LONGEST_PAUSE_MS)
}

/** Starts the terminal write and lets the answer go. The runtime is kept alive until it is done. */
export function finishLater(
  app: App,
  execution_id: string,
  ended: Ended & { duration_ms: number },
): void {
  const work = finish(app, execution_id, ended).finally(() => waiting.delete(execution_id))
  waiting.set(execution_id, work)
  app.background(work)
}

/** Nobody is kept longer than this by a database that is away. */
const SETTLE_MS = 5_000

/** Resolves when no terminal write of this execution is under way here, or soon. Never rejects. */
export async function settled(execution_id: string): Promise<void> {
  const work = waiting.get(execution_id)
  if (!work) return
  const over = new AbortController()
  await Promise.race([work, pause(SETTLE_MS, over.signal)])
  over.abort()
}

async function finish(
  app: App,
  execution_id: string,
  ended: Ended & { duration_ms: number },
): Promise<void> {
  const started = performance.now()
  for (let attempt = 1;; attempt++) {
    try {
      // Repeating is safe: the first terminal write wins and the rest change nothing.
      await read(app.db.service.rpc('finish_execution', {
        p_execution_id: execution_id,
        p_status: ended.status,
        p_duration_ms: ended.duration_ms,
        p_output: ended.result ?? null,
        p_error_code: ended.error?.code ?? null,
        p_error_message: ended.error?.message ?? null,
        p_protocol: ended.protocol ?? null,
        p_attempts: ended.attempts ?? null,
      }))
      if (ended.mode === 'async') deliverSoon(app)
      if (ended.mode === 'async' || isFollowed(execution_id)) pushSoon(app)
      return
    } catch (thrown) {
      log('warn', 'an execution could not be ended yet', { execution_id, attempt, thrown })
      const spent_ms = performance.now() - started
      const ms = pauseBefore(attempt, { spent_ms, chance: Math.random() })
      if (ms === null) return log('error', 'an execution was left to the reaper', { execution_id })
      await pause(ms)
    }
  }
}
