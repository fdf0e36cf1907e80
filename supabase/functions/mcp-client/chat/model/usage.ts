// Sums what a turn took, round by round, as the provider reports it. What it does not report stays out:
// an unknown cost is not nothing.
import type { MessageMetadata, TurnUsage } from '../../../../../shared/chat.ts'
import { isRecord } from '../../../../../shared/json.ts'

type Reported = {
  type: string
  usage?: {
    inputTokens?: number | undefined
    outputTokens?: number | undefined
    raw?: unknown
  }
}

/** Gives a function that is shown every part of a stream, and the message’s metadata whenever a round has ended. */
export function usageMeter(): (shown: { part: Reported }) => MessageMetadata | undefined {
  const sum: TurnUsage = {}
  return ({ part }) => {
    if (part.type !== 'finish-step' || !part.usage) return undefined
    add(sum, 'input_tokens', part.usage.inputTokens)
    add(sum, 'output_tokens', part.usage.outputTokens)
    add(sum, 'cost_usd', costOf(part.usage.raw))
    return Object.keys(sum).length > 0 ? { usage: { ...sum } } : undefined
  }
}

function add(sum: TurnUsage, what: keyof TurnUsage, amount: unknown): void {
  if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0) return
  const whole = what === 'cost_usd' ? amount : Math.round(amount)
  sum[what] = (sum[what] ?? 0) + whole
}

/** OpenRouter’s `usage.cost`, in dollars. Others report none. */
function costOf(raw: unknown): unknown {
  return isRecord(raw) ? raw.cost : undefined
}
