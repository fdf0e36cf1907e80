// The team’s language model: what answers in its chats, and how an admin sets it.
import { z } from 'zod'
import { model } from './chat.ts'
import { operation } from './operation.ts'
import { timestamp } from './team.ts'

/** The team’s own setting. The key itself never leaves the function. */
export const teamModel = z.object({
  provider: z.enum(['openai_compatible', 'anthropic']),
  base_url: z.string().nullable(),
  name: z.string(),
  /** It can be shown pictures. */
  takes_images: z.boolean(),
  has_key: z.boolean(),
  updated_at: timestamp,
})
export type TeamModel = z.infer<typeof teamModel>

/** What answers in the team’s chats now: `source` says whose setting that is. */
export const modelInUse = z.object({
  model,
  source: z.enum(['team', 'operator', 'found', 'built_in']),
  takes_images: z.boolean(),
})
export type ModelInUse = z.infer<typeof modelInUse>

export const modelOperations = {
  get_model: operation({
    summary: 'What answers in the chat, and for admins the team’s own setting',
    audience: 'member',
    input: {},
    output: modelInUse.extend({ team_model: teamModel.nullable() }),
  }),
  set_model: operation({
    summary: 'Set the team’s own model, or go back to the operator’s with null',
    audience: 'admin',
    input: {
      model: z.strictObject({
        provider: teamModel.shape.provider,
        /** Left out or null: the provider’s own address (`anthropic` only). */
        base_url: z.string().min(1).max(2_048).nullable().default(null),
        name: z.string().trim().min(1).max(200),
        takes_images: z.boolean().default(false),
        /** Left out: as it was, if provider and address are too. Null: none. */
        api_key: z.string().trim().min(1).max(4_096).nullable().optional(),
      }).nullable(),
    },
    output: modelInUse.extend({ team_model: teamModel.nullable() }),
  }),
  test_model: operation({
    summary: 'Ask the model that answers in the chat for one word, and say how that went',
    audience: 'admin',
    counted: true,
    input: {},
    output: z.object({
      ok: z.boolean(),
      /** In plain words, with what to do when it failed. */
      message: z.string(),
      duration_ms: z.number().int(),
    }),
  }),
} as const
