// Resources, prompts and completion of a team's servers, for people and chats to read. Calls no tool,
// writes no row. What comes back is the server's own words, bounded and without the credential.
import type { Handler } from './actions.ts'
import type { App } from './app.ts'
import type { Member } from './auth.ts'
import { AppError } from './http.ts'
import { UpstreamError } from './mcp/upstream.ts'
import { redactByValue } from './redact.ts'
import { storable } from './storable.ts'
import { type Reachable, withServer } from './upstream-of.ts'

type Asking = { app: App; as: Member; input: { server_id: string }; signal: AbortSignal }

/** Throws AppError `unavailable` (details.reason) for whatever the server does wrong, and as `withServer`. */
async function ask<T>(
  { app, as, input, signal }: Asking,
  work: (upstream: Reachable['upstream'], options: { signal: AbortSignal }) => Promise<T>,
) {
  try {
    return await withServer(
      app,
      { as, server_id: input.server_id, in_use: true },
      async (reached) =>
        redactByValue(storable(await work(reached.upstream, { signal })), reached.secrets),
    )
  } catch (thrown) {
    if (!(thrown instanceof UpstreamError)) throw thrown
    throw new AppError('unavailable', thrown.message, { reason: thrown.reason })
  }
}

export const listResources: Handler<'list_resources'> = (asked) =>
  ask(asked, (upstream, options) => asked.app.connections.listResources(upstream, options))

export const readResource: Handler<'read_resource'> = (asked) =>
  ask(
    asked,
    (upstream, options) => asked.app.connections.readResource(upstream, asked.input.uri, options),
  )

export const listPrompts: Handler<'list_prompts'> = (asked) =>
  ask(asked, (upstream, options) => asked.app.connections.listPrompts(upstream, options))

export const getPrompt: Handler<'get_prompt'> = (asked) =>
  ask(asked, (upstream, options) => asked.app.connections.getPrompt(upstream, asked.input, options))

export const complete: Handler<'complete'> = (asked) =>
  ask(asked, (upstream, options) => asked.app.connections.complete(upstream, asked.input, options))
