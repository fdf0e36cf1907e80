// What travels between the chat screen and the chat door, on top of the AI SDK's UI message stream.
import { z } from 'zod'
import { executionAnswer, progress, toolResult } from './execution.ts'
import { jsonSchema } from './tool.ts'
import { id, timestamp } from './team.ts'

/** A picture or a text file, as a data URL. `filename` is shown, never used as a path. */
export const filePart = z.object({
  type: z.literal('file'),
  mediaType: z.string().max(100),
  filename: z.string().trim().min(1).max(200),
  url: z.string().startsWith('data:').max(4_000_000),
})
export type FilePart = z.infer<typeof filePart>
/** In a stored message, a file part’s `url` is this and the id of its row in `astra_attachments`. */
export const ATTACHMENT_URL = 'attachment:'
export const imageTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'] as const
/** All files of one message, as they travel. */
export const ATTACHED_CHARACTERS = 4_000_000

export const chatVisibility = z.enum(['private', 'team'])
export type ChatVisibility = z.infer<typeof chatVisibility>

/**
 * The only thing a client sends: its newest message. History is the database's. Ids are the client's own
 * UUIDs: a message that is sent again is answered with `conflict`, and nothing runs twice. The first part
 * is what the person wrote, the other texts are resources they attached (text from a server).
 */
export const chatRequest = z.strictObject({
  team_id: id.optional(),
  chat_id: id,
  /** Whose the chat is, when this message begins it. */
  visibility: chatVisibility.default('private'),
  /** A message of one’s own that this one stands in for (edited, or to be answered anew): it and all after it are shown no more. */
  replaces: id.optional(),
  message: z.object({
    id,
    role: z.literal('user'),
    parts: z.array(z.discriminatedUnion('type', [
      z.object({ type: z.literal('text'), text: z.string().max(100_000) }),
      filePart,
    ])).min(1).max(16),
  }),
})
export type ChatRequest = z.infer<typeof chatRequest>

/** What answers: a language model, or the built-in router, which is none and says so. */
export const model = z.object({
  provider: z.enum(['router', 'openai_compatible', 'anthropic']),
  name: z.string(),
})
export type Model = z.infer<typeof model>

/** What a turn took, as its provider reports it; absent where it does not. `cost_usd` likewise. */
const turnUsage = z.object({
  input_tokens: z.number().int().optional(),
  output_tokens: z.number().int().optional(),
  cost_usd: z.number().optional(),
})
export type TurnUsage = z.infer<typeof turnUsage>

/** Metadata of an assistant message. `error` is the sentence of an answer that failed, kept for later readers. */
export type MessageMetadata = { model?: Model; error?: string; usage?: TurnUsage }

/**
 * Data part `data-call`, keyed by the tool call’s id and updated in place while it runs:
 * which tool of which server this call is, and how far it has come.
 */
export const callPart = z.object({
  tool_call_id: z.string(),
  /** Null until the call is on record. `cancel_execution` takes it. */
  execution_id: id.nullable(),
  server_id: id,
  server_name: z.string(),
  tool_name: z.string(),
  tool_title: z.string().nullable(),
  started_at: z.string(),
  progress: progress.nullable(),
  /** The newest lines the server logged meanwhile, its own words, oldest first. */
  log: z.array(z.string()),
})
export type CallPart = z.infer<typeof callPart>
export type DataParts = { call: CallPart }

/** The output of a tool part: an execution’s answer, a form for a person, or a refusal. */
export const toolOutcome = z.discriminatedUnion('kind', [
  /** A link to sign in is short-lived: whoever needs one asks `connect_server` when it is tapped. */
  executionAnswer.omit({ authorization_url: true }).extend({ kind: z.literal('answered') }),
  z.object({
    kind: z.literal('needs_person'),
    /** Required arguments are absent. An approval is an execution that waits for it. */
    reason: z.literal('missing'),
    missing: z.array(z.string()),
    parameters: z.record(z.string(), z.unknown()),
    input_schema: jsonSchema,
  }),
  /** What a server offers to read, or one such resource: no tool ran. */
  z.object({ kind: z.literal('looked_up'), result: toolResult, duration_ms: z.number().int() }),
  z.object({
    kind: z.literal('refused'),
    code: z.string(),
    message: z.string(),
    /** Before this it would only be refused again. */
    retry_at: timestamp.optional(),
  }),
])
export type ToolOutcome = z.infer<typeof toolOutcome>

/**
 * A person’s own call, written as a message: `/server_slug__tool_name {"a":1}` (or `/tool_name a=1` where
 * the name is unique). The form of a tool card sends exactly this, so a person’s call has one path.
 */
export function slashCommand(toolKey: string, parameters: Record<string, unknown>): string {
  return `/${toolKey} ${JSON.stringify(parameters)}`
}
