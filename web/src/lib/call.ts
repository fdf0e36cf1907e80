// Operations of the edge function, typed by the contract both sides share. Refusals arrive as a `CallError`.
import type { ErrorCode, FieldProblem } from '@shared/errors.ts'
import { type Happening, LINES } from '@shared/happening.ts'
import { isRecord } from '@shared/json.ts'
import type { ActionName, InputOf, ResponseOf } from '@shared/operations.ts'
import { readLines } from './lines.ts'
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
  const response = await post({ action: name, ...input }, { signal: options.signal })
  return await readWhole(response) as ResponseOf<Name>
}

type StreamOptions = { onEvent: (event: Happening) => void; signal?: AbortSignal }

/**
 * Like `call`, telling what happens on the way (application/x-ndjson, one event a line). A function that
 * answers with ordinary JSON tells nothing on the way, and its answer counts all the same.
 */
export async function callStreaming<Name extends ActionName>(
  name: Name,
  input: InputOf<Name> & { team_id: string },
  { onEvent, signal }: StreamOptions,
): Promise<ResponseOf<Name>> {
  const response = await post({ action: name, ...input }, { signal, accept: LINES })
  const type = response.headers.get('content-type') ?? ''
  if (!response.ok || !response.body || !type.startsWith(LINES)) {
    return await readWhole(response) as ResponseOf<Name>
  }
  try {
    for await (const line of readLines(response.body)) {
      if (!isEvent(line)) throw unreadable()
      if (line.event === 'answer') return line.answer as ResponseOf<Name>
      if (line.event === 'error') throw callError(response.status, line)
      onEvent(line as Happening)
    }
  } catch (cause) {
    if (signal?.aborted || cause instanceof CallError) throw cause
    throw cause instanceof SyntaxError ? unreadable() : brokenOff()
  }
  throw brokenOff()
}

function isEvent(line: unknown): line is Record<string, unknown> {
  return isRecord(line) && typeof line.event === 'string'
}

function unreadable(): CallError {
  return new CallError('unreadable', 'Astra gave an answer that cannot be read.')
}

function brokenOff(): CallError {
  return new CallError(
    'unreachable',
    'The connection broke off before the answer came. Check your connection and try again.',
  )
}

async function readWhole(response: Response): Promise<unknown> {
  const body = await response.json().catch(() => null) as unknown
  if (!response.ok) throw callError(response.status, body)
  if (body === null) throw unreadable()
  return body
}

type PostOptions = { signal?: AbortSignal; accept?: string }

async function post(body: object, { signal, accept }: PostOptions): Promise<Response> {
  try {
    return await watchedFetch(functionUrl(), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(accept && { accept }),
        ...await functionHeaders(),
      },
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
