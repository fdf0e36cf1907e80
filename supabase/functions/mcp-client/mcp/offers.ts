// What a server offers besides tools: resources, prompts and completion (MCP "Resources", "Prompts",
// "Completion"). Unknown fields are kept; everything read is bounded; what is malformed is left out of
// a list and fails a read.
import { z } from 'zod'
import {
  type Completion,
  messages,
  type Prompt,
  prompt,
  type Resource,
  resource,
  type ResourceContents,
  resourceContents,
  type ResourceTemplate,
  resourceTemplate,
} from '../../../../shared/context.ts'
import { noClock } from './budget.ts'
import { cleanText, measure, resultLimits } from './content.ts'
import type { Connection } from './negotiation.ts'
import { isBounded, walkPages } from './pages.ts'
import { askRaw } from './raw.ts'
import { UpstreamError } from './upstream.ts'

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

const mostValues = 100
const longestValue = 1_000
const methodNotFound = -32_601

/** A sign of life: `ping`, which 2026-07-28 no longer has; there the server is asked what it is. */
export async function ping({ client, protocol }: Connection, signal: AbortSignal): Promise<void> {
  const options = { signal, timeout: noClock }
  await (protocol.era === 'modern' ? client.discover(options) : client.ping(options))
}

/** Each throws what the SDK throws, or `UpstreamError`. Lists are empty when the server offers none. */
export async function listResources(
  connection: Connection,
  signal: AbortSignal,
): Promise<ResourceList> {
  if (!offers(connection, 'resources')) return { resources: [], templates: [] }
  const listed = { method: 'resources/list', field: 'resources', called: 'resources', signal }
  const templated = {
    method: 'resources/templates/list',
    field: 'resourceTemplates',
    called: 'resource templates',
    signal,
  }
  // Many servers declare resources and know no templates.
  const noTemplates = (error: unknown) => {
    if ((error as { code?: unknown }).code === methodNotFound) return { entries: [] }
    throw error
  }
  const [resources, templates] = await Promise.all([
    walkPages(connection, listed),
    walkPages(connection, templated).catch(noTemplates),
  ])
  return {
    resources: usable(resources.entries, resource),
    templates: usable(templates.entries, resourceTemplate),
  }
}

export async function readResource(
  connection: Connection,
  uri: string,
  signal: AbortSignal,
): Promise<ResourceRead> {
  if (!offers(connection, 'resources')) throw protocol('The server offers no resources')
  const request = { method: 'resources/read', params: { uri } }
  const read = z.object({ contents: z.array(resourceContents) })
  return await ask(connection, { request, signal, read, called: 'a resource' })
}

export async function listPrompts(
  connection: Connection,
  signal: AbortSignal,
): Promise<PromptList> {
  if (!offers(connection, 'prompts')) return { prompts: [] }
  const walk = { method: 'prompts/list', field: 'prompts', called: 'prompts', signal }
  return { prompts: usable((await walkPages(connection, walk)).entries, prompt) }
}

export async function getPrompt(
  connection: Connection,
  asked: PromptAsked,
  signal: AbortSignal,
): Promise<FilledPrompt> {
  if (!offers(connection, 'prompts')) throw protocol('The server offers no prompts')
  const request = { method: 'prompts/get', params: asked }
  const read = z.object({ description: z.string().optional(), messages })
  const filled = await ask(connection, { request, signal, read, called: 'a prompt' })
  return { description: filled.description ?? null, messages: filled.messages }
}

/** No suggestions when the server offers no completion. */
export async function complete(
  connection: Connection,
  { ref, argument, context }: CompletionAsked,
  signal: AbortSignal,
): Promise<Completion> {
  if (!offers(connection, 'completions')) return { values: [], total: null, has_more: false }
  const known = Object.keys(context).length > 0 ? { context: { arguments: context } } : {}
  const request = { method: 'completion/complete', params: { ref, argument, ...known } }
  const read = z.object({
    completion: z.object({
      values: z.array(z.string()),
      total: z.number().optional(),
      hasMore: z.boolean().optional(),
    }),
  })
  const { completion } = await ask(connection, { request, signal, read, called: 'a completion' })
  return {
    values: completion.values.slice(0, mostValues).map((value) => cleanText(value, longestValue)),
    total: completion.total ?? null,
    has_more: completion.hasMore ?? completion.values.length > mostValues,
  }
}

function offers({ client }: Connection, what: 'resources' | 'prompts' | 'completions'): boolean {
  return client.getServerCapabilities()?.[what] !== undefined
}

type Asked<T> = {
  request: { method: string; params: Record<string, unknown> }
  signal: AbortSignal
  read: z.ZodType<T>
  called: string
}

async function ask<T>({ client }: Connection, asked: Asked<T>): Promise<T> {
  const raw = await askRaw(client, asked.request, { signal: asked.signal, timeout: noClock })
  if (measure(raw, resultLimits) !== 'fits') {
    throw new UpstreamError('too_large', 'The server’s answer is too large or nested too deeply')
  }
  const read = asked.read.safeParse(raw)
  if (!read.success) throw protocol(`The server’s answer is not ${asked.called}`)
  return read.data
}

function usable<T>(entries: unknown[], shape: z.ZodType<T>): T[] {
  return entries.flatMap((entry) => {
    const read = isBounded(entry) ? shape.safeParse(entry) : null
    return read?.success ? [read.data] : []
  })
}

function protocol(message: string): UpstreamError {
  return new UpstreamError('protocol', message)
}
