// Where a team is told of its calls in the background, and what it is told: Standard Webhooks
// (https://www.standardwebhooks.com), signed with a secret that is shown once.
import { z } from 'zod'
import { operation } from './operation.ts'
import { executionError, executionStatus } from './execution.ts'
import { id, timestamp } from './team.ts'

/** A team's webhook as its admins see it. The signing secret is no part of it. */
export const webhook = z.object({
  url: z.string(),
  /** Off: nothing is added to what waits, and what waits stays. */
  is_active: z.boolean(),
  created_at: timestamp,
  last_tried_at: timestamp.nullable(),
  last_delivered_at: timestamp.nullable(),
  /** HTTP status of the last try; null when there was no answer. */
  last_status: z.number().int().nullable(),
  /** Why the last try failed, in our words; null when it went well. */
  last_error: z.string().nullable(),
  /** Deliveries that are still to be made, or to be made again. */
  waiting: z.number().int(),
  /** Deliveries of the last 30 days that never arrived and are tried no more. */
  given_up: z.number().int(),
})
export type Webhook = z.infer<typeof webhook>

/** How a `webhook.test` went. */
export const webhookTest = z.object({
  delivered: z.boolean(),
  /** What the receiver answered; null when it did not. */
  status: z.number().int().nullable(),
  message: z.string(),
})
export type WebhookTest = z.infer<typeof webhookTest>

/** The body of a delivery. Facts about a call: never its arguments, its result or a message. */
export const webhookEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('execution.ended'),
    timestamp,
    data: z.object({
      execution_id: id,
      team_id: id,
      server_id: id,
      server_name: z.string(),
      tool_name: z.string(),
      status: executionStatus,
      error_code: executionError.shape.code.nullable(),
      duration_ms: z.number().int(),
      started_at: timestamp,
      completed_at: timestamp,
      chat_id: id.nullable(),
    }),
  }),
  z.object({ type: z.literal('webhook.test'), timestamp, data: z.object({ team_id: id }) }),
])
export type WebhookEvent = z.infer<typeof webhookEvent>

export const webhookOperations = {
  set_webhook: operation({
    summary: 'Say where the team is told of calls in the background, or nowhere with null',
    audience: 'admin',
    input: {
      url: z.string().min(1).max(2_048).nullable(),
      /** Left out: on for a new or another address, else as it was. `true` also tries at once what waits. */
      is_active: z.boolean().optional(),
      /** Make a new signing secret; the old one ends at once. */
      rotate: z.boolean().default(false),
    },
    output: z.object({
      webhook: webhook.nullable(),
      /** Once: for a new or another address, and when rotated. */
      secret: z.string().optional(),
    }),
  }),
  get_webhook: operation({
    summary: 'Where the team is told of calls in the background, and how that goes',
    audience: 'admin',
    input: {},
    output: z.object({ webhook: webhook.nullable() }),
  }),
  test_webhook: operation({
    summary: 'Send the team’s webhook a test event now, and say how that went',
    audience: 'admin',
    counted: true,
    input: {},
    output: webhookTest,
  }),
} as const
