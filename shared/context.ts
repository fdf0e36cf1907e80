// What a server offers besides tools: resources to read and prompts to start from (MCP "Resources",
// "Prompts", "Completion"). Unknown fields are kept; every text in here is the server's own.
import { z } from 'zod'

export const resource = z.looseObject({
  uri: z.string(),
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  mimeType: z.string().optional(),
})
export type Resource = z.infer<typeof resource>

/** `uriTemplate` is RFC 6570. */
export const resourceTemplate = z.looseObject({
  uriTemplate: z.string(),
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  mimeType: z.string().optional(),
})
export type ResourceTemplate = z.infer<typeof resourceTemplate>

/** `text`, or `blob` in base64. */
export const resourceContents = z.looseObject({
  uri: z.string(),
  mimeType: z.string().optional(),
  text: z.string().optional(),
  blob: z.string().optional(),
})
export type ResourceContents = z.infer<typeof resourceContents>

export const prompt = z.looseObject({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  arguments: z.array(z.looseObject({
    name: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    required: z.boolean().optional(),
  })).optional(),
})
export type Prompt = z.infer<typeof prompt>

export const messages = z.array(z.looseObject({
  role: z.enum(['user', 'assistant']),
  content: z.looseObject({ type: z.string() }),
}))

export const completion = z.object({
  values: z.array(z.string()),
  total: z.number().nullable(),
  has_more: z.boolean(),
})
export type Completion = z.infer<typeof completion>
