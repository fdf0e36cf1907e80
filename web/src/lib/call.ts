// Operations of the edge function, typed by the contract both sides share. Refusals arrive as a `CallError`.
import type { ErrorCode, FieldProblem } from '@shared/errors.ts'
import type { ActionName, InputOf, ResponseOf } from '@shared/operations.ts'
import { watchedFetch } from './reach.ts'
import { functionHeaders, functionUrl } from './supabase.ts'

/** `unreachable`: no answer came at all; `unreadable`: something else than Astra answered. */
export type CallErrorCode = ErrorCode | 'unreachable' | 'unreadable'

export class CallError extends Error {
  readonly code: CallErrorCode
  readonly details: unknown
  readonly requestId: string | null

  constructor(
    code: CallErrorCode,
    message: string,
    more?: { details?: unknown; requestId?: string },
  ) {
    super(message)
    this.name = 'CallError'
    this.code = code
    this.details = more?.details
    this.requestId = more?.requestId ?? null
  }

  /** What is wrong with which field of the input, where the function said so. */
  get problems(): FieldProblem[] {
    return Array.isArray(this.details) ? this.details.filter(isProblem) : []
  }
}

/** Runs one operation. Always send `team_id`: people may belong to several teams. */
export async function call<Name extends ActionName>(
  name: Name,
  input: InputOf<Name> & { team_id: string },
  options: { signal?: AbortSignal } = {},
): Promise<ResponseOf<Name>> {
  const response = await post({ action: name, ...input }, options.signal)
  const body = await response.json().catch(() => null) as unknown
  if (!response.ok) throw callError(response.status, body)
  if (body === null) throw new CallError('unreadable', 'Astra gave an answer that cannot be read.')
  return body as ResponseOf<Name>
}

async function post(body: object, signal?: AbortSignal): Promise<Response> {
  try {
    return await watchedFetch(functionUrl(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...await functionHeaders() },
      body: JSON.stringify(body),
      signal,
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new CallError(
      'unreachable',
      'Astra could not be reached. Check your connection and try again.',
    )
  }
}

/** Reads a refusal; whatever is not one becomes a sentence with the HTTP status. */
export function callError(status: number, body: unknown): CallError {
  const error = body && typeof body === 'object' && 'error' in body ? body.error : null
  if (!error || typeof error !== 'object' || !('code' in error) || !('message' in error)) {
    return new CallError('unreadable', `Astra gave an answer that cannot be read (HTTP ${status}).`)
  }
  return new CallError(error.code as ErrorCode, String(error.message), {
    details: 'details' in error ? error.details : undefined,
    requestId: 'request_id' in error ? String(error.request_id) : undefined,
  })
}

function isProblem(value: unknown): value is FieldProblem {
  return typeof value === 'object' && value !== null && 'path' in value && 'message' in value
}
