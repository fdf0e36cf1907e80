// The edge of HTTP: reading a body nobody vouches for, and turning every refusal into one wire shape.
import { Buffer } from 'node:buffer'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { z } from 'zod'
import {
  type ErrorBody,
  type ErrorCode,
  type FieldProblem,
  statusOfCode,
} from '../../../shared/errors.ts'
import { isRecord } from '../../../shared/json.ts'
import { log } from './log.ts'

/** Hono's per-request variables. */
export type Variables = { Variables: { requestId: string } }

const BODY_LIMIT = 4 * 1024 * 1024
const DEPTH_LIMIT = 64
const DROPPED_AT_MOST = 16 * 1024 * 1024

/** A refusal at the edge. The message is a sentence for the caller; details never hold a secret. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details?: unknown

  constructor(code: ErrorCode, message: string, details?: unknown) {
    super(message)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}

/**
 * Reads a JSON body of at most `limit` bytes (4 MiB) and 64 levels.
 * Throws AppError: `too_large` (413), `invalid_request` (400) for bad UTF-8, JSON, depth, or text that
 * a database cannot keep (NUL, lone surrogates).
 */
export async function readJson(request: Request, limit = BODY_LIMIT): Promise<unknown> {
  const text = decode(await readBytes(request, limit))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new AppError('invalid_request', 'The body is not valid JSON.')
  }
  if (deeperThan(value, DEPTH_LIMIT)) {
    throw new AppError('invalid_request', `The body is nested deeper than ${DEPTH_LIMIT} levels.`)
  }
  // Both can only arrive as escapes, so ordinary bodies pay for one scan.
  if (/\\u(?:0000|[dD][89a-fA-F])/.test(text) && !keepable(value)) {
    throw new AppError('invalid_request', 'The body contains text that is not valid Unicode.')
  }
  return value
}

async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    // A client that is still sending would not hear an answer, so some of the excess is read and dropped.
    if (size > limit + DROPPED_AT_MOST) break
    if (size <= limit) chunks.push(chunk)
    else chunks.length = 0
  }
  if (size > limit) {
    throw new AppError('too_large', `The body is larger than ${limit} bytes.`)
  }
  return Buffer.concat(chunks)
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AppError('invalid_request', 'The body is not valid UTF-8.')
  }
}

/** Walks level by level: recursion is what a deep body attacks. */
function deeperThan(value: unknown, limit: number): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item) : []
    )
  }
  return false
}

function keepable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, item]) => keepable(key) && keepable(item))
}

/** Parses an input by its schema. Throws AppError `invalid_request` with one FieldProblem per fault. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems: FieldProblem[] = parsed.error.issues.slice(0, 20).map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }))
  const first = problems[0]!
  throw new AppError('invalid_request', `${first.path || 'body'}: ${first.message}`, problems)
}

/** The one place where a thrown thing becomes an answer. What is unknown stays in the log. */
export function errorBodyOf(
  thrown: unknown,
  request_id: string,
): { code: ErrorCode; body: ErrorBody } {
  const refusal = thrown instanceof AppError
    ? thrown
    : new AppError('internal', 'Something went wrong on our side. It has been logged.')
  if (refusal !== thrown) log('error', 'request failed', { request_id, thrown })
  const { code, message, details } = refusal
  const body = {
    error: { code, message, request_id, ...(details === undefined ? {} : { details }) },
  }
  return { code, body }
}

export function answerError(thrown: unknown, c: Context<Variables>): Response {
  const { code, body } = errorBodyOf(thrown, c.get('requestId'))
  if (code === 'unauthenticated') c.header('WWW-Authenticate', 'Bearer')
  // RFC 9110 §10.2.3: in seconds.
  const { details } = body.error
  if (isRecord(details) && typeof details.retry_after_seconds === 'number') {
    c.header('Retry-After', String(details.retry_after_seconds))
  }
  return c.json(body, statusOfCode[code] as ContentfulStatusCode)
}
