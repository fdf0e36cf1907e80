// Reading what a server offers to read, as a result that the screen can draw.
import type { ToolResult } from '@shared/execution.ts'
import { call, CallError } from './call.ts'

/** Throws CallError; one with a sentence where somebody has to sign in at the server first. */
export async function readResource(
  asked: { team_id: string; server_id: string; uri: string },
  options: { signal?: AbortSignal } = {},
): Promise<ToolResult> {
  const read = await call('read_resource', asked, options)
  if ('status' in read) throw signInFirst()
  return { content: read.contents.map((resource) => ({ type: 'resource', resource })) }
}

export function signInFirst(): CallError {
  return new CallError(
    'forbidden',
    'Someone has to sign in at this server first. Its page in Settings leads there.',
  )
}
