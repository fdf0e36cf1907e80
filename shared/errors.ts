// Every way Astra refuses, and the HTTP status each one travels with. A tool that fails is not here:
// that is an execution whose `status` says so.
import { z } from 'zod'

export const statusOfCode = {
  invalid_request: 400,
  invalid_parameters: 400,
  unknown_action: 400,
  team_required: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  in_progress: 409,
  too_large: 413,
  idempotency_mismatch: 422,
  rate_limited: 429,
  internal: 500,
  unsupported: 501,
  unavailable: 503,
} as const

export type ErrorCode = keyof typeof statusOfCode

/** The body of every answer that is not 200. `details` is present where a caller can act on it. */
export const errorBody = z.object({
  error: z.object({
    code: z.enum(Object.keys(statusOfCode) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    request_id: z.string(),
    details: z.unknown().optional(),
  }),
})
export type ErrorBody = z.infer<typeof errorBody>

/** One thing wrong with an input. `path` is dotted: `credential.header`, `parameters.a`. */
export type FieldProblem = { path: string; message: string }
