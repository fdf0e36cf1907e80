// What the tasks extension (SEP-2663) needs on the wire and the SDK’s client does not do: a call says for
// itself that it takes a task, and the task that answers it gets past the client, which knows no such
// kind of result. Reads nothing in it.
import {
  CLIENT_CAPABILITIES_META_KEY,
  type JSONRPCMessage,
  type JSONRPCRequest,
} from '@modelcontextprotocol/client'
import { isRecord } from '../../../../shared/json.ts'

const tasksExtension = 'io.modelcontextprotocol/tasks'

/** What every connection declares. */
export const capabilities = { elicitation: { form: {}, url: {} } }

/** For the `_meta` of one 2026-07-28 request, where it replaces what the connection declares. */
export const takingTasks = {
  [CLIENT_CAPABILITIES_META_KEY]: { ...capabilities, extensions: { [tasksExtension]: {} } },
}

/** Not a name that JSON can hold: no server can write it. */
const aside = Symbol('task')

/** True for a tool call whose declared capabilities allow a task as its answer. */
export function takesTask({ method, params }: JSONRPCRequest): boolean {
  const declared: unknown = params?._meta?.[CLIENT_CAPABILITIES_META_KEY]
  const extensions = isRecord(declared) ? declared.extensions : null
  return method === 'tools/call' && isRecord(extensions) && tasksExtension in extensions
}

/** The client refuses every `resultType` but its own two: a task travels through it inside a result. */
export function setTaskAside(message: JSONRPCMessage): void {
  const result: unknown = 'result' in message ? message.result : null
  if (!isRecord(result) || result.resultType !== 'task') return
  Object.assign(message, { result: { resultType: 'complete', content: [], [aside]: result } })
}

/** The task that was set aside in what the client gives, or null. */
export function taskIn(given: unknown): Record<string, unknown> | null {
  const task = isRecord(given) ? (given as { [aside]?: unknown })[aside] : null
  return isRecord(task) ? task : null
}
