// A tool of a server, as synced: the raw definition is kept whole, the rest is read out of it.
import { z } from 'zod'
import { id, timestamp } from './team.ts'

export const policies = ['allow', 'ask', 'ask_admin', 'deny'] as const
/**
 * `allow` runs at once, `ask` needs a person who saw the exact arguments, `ask_admin` an admin who did,
 * `deny` never runs.
 */
export const policy = z.enum(policies)
export type Policy = z.infer<typeof policy>

export type JsonSchema = Record<string, unknown>
export const jsonSchema: z.ZodType<JsonSchema> = z.record(z.string(), z.unknown())

export const tool = z.object({
  id,
  server_id: id,
  tool_name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  input_schema: jsonSchema,
  output_schema: jsonSchema.nullable(),
  /** The server's own claims about the tool. Hints, never a reason to allow it. */
  annotations: jsonSchema.nullable(),
  is_enabled: z.boolean(),
  policy,
  requires_confirmation: z.boolean(),
  timeout_seconds: z.number().int(),
  /** Whose account at the server this tool uses; null follows the server. */
  account: z.enum(['team', 'person']).nullable(),
  /** People may answer an approval of it with “always for me”. */
  allows_always: z.boolean(),
  /** An admin's word that it may be tried again after it was sent. */
  is_idempotent: z.boolean(),
  /** Deterministic, by an admin's word: equal arguments are answered from the last result for this long. */
  cache_seconds: z.number().int().nullable(),
  /** Calls by the whole team in one window; null: no limit of its own. */
  rate_limit: z.number().int().nullable(),
  /** It can carry data out of the team: it asks a person once a model has read something from outside. */
  sends_out: z.boolean(),
  execution_count: z.number(),
  success_count: z.number(),
  error_count: z.number(),
  avg_duration_ms: z.number().nullable(),
  last_executed_at: timestamp.nullable(),
  synced_at: timestamp,
})
export type Tool = z.infer<typeof tool>
