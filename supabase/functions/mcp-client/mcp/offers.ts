// What a server offers besides tools: resources, prompts and completion (MCP "Resources", "Prompts",
// "Completion"). Unknown fields are kept; everything read is bounded.
import type {
  Completion,
  messages,
  Prompt,
  Resource,
  ResourceContents,
  ResourceTemplate,
} from '../../../../shared/context.ts'
import type { z } from 'zod'

export type ResourceList = { resources: Resource[]; templates: ResourceTemplate[] }
export type ResourceRead = { contents: ResourceContents[] }
export type PromptList = { prompts: Prompt[] }
export type FilledPrompt = { description: string | null; messages: z.infer<typeof messages> }

export type PromptAsked = { name: string; arguments: Record<string, string> }
export type CompletionAsked = {
  ref: { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string }
  argument: { name: string; value: string }
  /** Arguments already chosen. */
  context: Record<string, string>
}

/** Ends early when the signal fires. Everything else that fails is an `UpstreamError` too. */
export type Asking = { signal?: AbortSignal }
export type { Completion }
