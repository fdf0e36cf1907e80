// Whoever calls the function while things break, and what they were told: an answer of the contract, or
// nothing because the connection broke. Anything else is a fault of its own.
import { errorBody, type ErrorCode, statusOfCode } from '../../shared/errors.ts'
import { type ExecutionAnswer, executionAnswer } from '../../shared/execution.ts'
import type { Astra } from '../bench/astra.ts'

export type Heard =
  | { kind: 'answer'; answer: ExecutionAnswer }
  | { kind: 'refusal'; code: ErrorCode; execution_id: string | null }
  | { kind: 'broken' }
  | { kind: 'nonsense'; what: string }

/** How long a caller listens: longer than the product may take for anything. */
const PATIENCE_MS = 120_000

/** One operation of the team's owner at this process of the function, heard to its end. */
export async function say(astra: Astra, url: string, operation: unknown): Promise<Heard> {
  let answer: Response
  let text: string
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        apikey: astra.stack.publishable_key,
        Authorization: `Bearer ${astra.owner.token}`,
      },
      body: JSON.stringify(operation),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    text = await answer.text()
  } catch (thrown) {
    const late = thrown instanceof DOMException && thrown.name === 'TimeoutError'
    return late ? { kind: 'nonsense', what: 'no answer at all' } : { kind: 'broken' }
  }
  return understand(answer.status, text)
}

function understand(status: number, text: string): Heard {
  const what = `${status} ${text.slice(0, 300)}`
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return { kind: 'nonsense', what }
  }
  if (status === 200) {
    const { success, data } = executionAnswer.safeParse(body)
    return success ? { kind: 'answer', answer: data } : { kind: 'nonsense', what }
  }
  const { success, data } = errorBody.safeParse(body)
  if (!success || statusOfCode[data.error.code] !== status) return { kind: 'nonsense', what }
  const { code, details } = data.error
  const id = (details as { execution_id?: unknown } | undefined)?.execution_id
  return { kind: 'refusal', code, execution_id: typeof id === 'string' ? id : null }
}
