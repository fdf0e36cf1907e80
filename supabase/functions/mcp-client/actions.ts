// Every operation beside its handler. A missing handler does not compile; a caller that the operation's
// audience does not admit never reaches one.
import { inputAction } from '../../../shared/execution.ts'
import type { Happening } from '../../../shared/happening.ts'
import { isRecord } from '../../../shared/json.ts'
import {
  type ActionName,
  type Operations,
  operations,
  type RequestOf,
  type ResponseOf,
} from '../../../shared/operations.ts'
import { administers } from '../../../shared/team.ts'
import { setCredential } from './accounts.ts'
import { continueInBackground } from './background.ts'
import type { App } from './app.ts'
import { type Caller, type Member, resolveMember } from './auth.ts'
import { complete, getPrompt, listPrompts, listResources, readResource } from './context.ts'
import { callTool, getExecution } from './executions.ts'
import { answerApproval } from './approvals.ts'
import { stopTurn } from './chat/stopping.ts'
import { AppError, parseInput } from './http.ts'
import { countRequest } from './limits.ts'
import { getModel, setModel, testModel } from './models.ts'
import { answerInput, cancelExecution } from './resume.ts'
import { addServer, listServers, removeServer, updateServer } from './servers.ts'
import { testServer } from './server-test.ts'
import { connectServer, setOAuthClient } from './sign-in-operations.ts'
import { syncTools } from './sync.ts'
import { listTools, setToolPolicy } from './tools.ts'
import { getWebhook, setWebhook, testWebhook } from './webhooks.ts'

/** Who a handler is given: whoever its audience was checked against. */
type As<Name extends ActionName> = Operations[Name]['audience'] extends 'corridor' ? Caller : Member
export type Asked<Name extends ActionName> = {
  app: App
  as: As<Name>
  input: RequestOf<Name>
  signal: AbortSignal
  /** Told what happens on the way, when the caller wants to hear it. */
  tell?: (happening: Happening) => void
}
export type Handler<Name extends ActionName> = (asked: Asked<Name>) => Promise<ResponseOf<Name>>
type Handlers = { [Name in ActionName]: Handler<Name> }

const handlers: Handlers = {
  list_servers: listServers,
  add_server: addServer,
  update_server: updateServer,
  remove_server: removeServer,
  set_credential: setCredential,
  set_oauth_client: setOAuthClient,
  connect_server: connectServer,
  test_server: testServer,
  sync_tools: syncTools,
  list_tools: listTools,
  set_tool_policy: setToolPolicy,
  call_tool: callTool,
  answer_input: answerInput,
  answer_approval: answerApproval,
  cancel_execution: cancelExecution,
  continue_in_background: continueInBackground,
  stop_turn: stopTurn,
  get_execution: getExecution,
  set_webhook: setWebhook,
  get_webhook: getWebhook,
  test_webhook: testWebhook,
  list_resources: listResources,
  read_resource: readResource,
  list_prompts: listPrompts,
  get_prompt: getPrompt,
  complete,
  get_model: getModel,
  set_model: setModel,
  test_model: testModel,
  get_push: () => Promise.resolve({ public_key: null, devices: [] }),
  add_device: () => Promise.reject(new AppError('unavailable', 'Not here.')),
  remove_device: () => Promise.reject(new AppError('unavailable', 'Not here.')),
}

/**
 * Parses, admits and performs one operation; gives its response, stripped to the declared shape.
 * Throws AppError: `unknown_action`, `invalid_request`, `rate_limited`, whatever resolveMember and the
 * handler throw.
 */
export async function perform(
  app: App,
  caller: Caller,
  { body, signal, tell }: { body: unknown; signal: AbortSignal; tell?: Asked<ActionName>['tell'] },
): Promise<unknown> {
  if (!isRecord(body)) {
    throw new AppError('invalid_request', 'The body must be a JSON object with an action.')
  }
  const { action, ...rest } = named(body)
  if (typeof action !== 'string' || !Object.hasOwn(operations, action)) {
    throw new AppError('unknown_action', 'There is no such action.', {
      actions: Object.keys(operations),
    })
  }
  const name = action as ActionName
  const operation = operations[name]
  const input = parseInput(operation.request, rest)
  const as = operation.audience === 'corridor'
    ? caller
    : await resolveMember(app, caller, input.team_id)
  if (operation.audience === 'admin' && !administers((as as Member).role)) {
    throw new AppError('forbidden', 'Only admins of the team may do that.')
  }
  if (operation.counted) await countRequest(app, as as Member)
  const handler = handlers[name] as (asked: unknown) => Promise<unknown>
  return operation.response.parse(await handler({ app, as, input, signal, tell }))
}

/** An answer named as MCP names it (`accept`, `decline`, `cancel`) is no operation's name, so it is clear. */
function named(body: Record<string, unknown>): Record<string, unknown> {
  const answer = inputAction.safeParse(body.action)
  return answer.success ? { ...body, action: 'answer_input', answer: answer.data } : body
}
