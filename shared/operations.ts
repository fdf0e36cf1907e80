// The whole API on one screen. On the wire: POST /functions/v1/mcp-client { "action": <name>, …input }.
import { z } from 'zod'
import { turnOperations } from './chat-operations.ts'
import { deviceOperations } from './device.ts'
import { account, execution, executionAnswer, inputAction, signInNeeded } from './execution.ts'
import { modelOperations } from './model.ts'
import { operation } from './operation.ts'
import {
  completion,
  messages,
  prompt,
  resource,
  resourceContents,
  resourceTemplate,
} from './context.ts'
import {
  credential,
  oauthClient,
  server,
  serverConfig,
  serverType,
  stdioConfig,
  testStep,
} from './server.ts'
import { id } from './team.ts'
import { policy, tool } from './tool.ts'
import { webhookOperations } from './webhook.ts'

const name = z.string().trim().min(1).max(80)
const description = z.string().trim().max(2_000)
const toolName = z.string().min(1).max(256)
const config = z.union([serverConfig, stdioConfig])

export const operations = {
  list_servers: operation({
    summary: 'The team’s servers and how each one is doing',
    audience: 'member',
    input: {},
    output: z.object({ servers: z.array(server) }),
  }),
  add_server: operation({
    summary: 'Add an MCP server to the team',
    audience: 'admin',
    counted: true,
    input: {
      name,
      description: description.optional(),
      server_type: serverType,
      config,
      credential: credential.optional(),
      account: account.optional(),
      oauth_client: oauthClient.optional(),
    },
    output: z.object({ server }),
  }),
  update_server: operation({
    summary: 'Change a server’s name, description, address or whether it is in use',
    audience: 'admin',
    counted: true,
    input: {
      server_id: id,
      name: name.optional(),
      description: description.nullable().optional(),
      config: config.optional(),
      is_active: z.boolean().optional(),
      account: account.optional(),
    },
    output: z.object({ server }),
  }),
  remove_server: operation({
    summary: 'Remove a server, its tools and its credential; past executions stay on record',
    audience: 'admin',
    input: { server_id: id },
    output: z.object({ removed: z.literal(true) }),
  }),
  set_credential: operation({
    summary: 'Replace a credential, or remove it with null: the team’s (admins) or your own',
    audience: 'member',
    input: {
      server_id: id,
      credential: credential.nullable(),
      account: account.default('team'),
    },
    output: z.object({ server }),
  }),
  set_oauth_client: operation({
    summary: 'Give the client that sign-ins at this server use, or forget it with null',
    audience: 'admin',
    input: { server_id: id, oauth_client: oauthClient.nullable() },
    output: z.object({ server }),
  }),
  connect_server: operation({
    summary: 'Start signing in at a server: for the team (admins), or for yourself',
    audience: 'member',
    counted: true,
    input: {
      server_id: id,
      /** Left out: whose account the server's tools use. */
      account: account.optional(),
      /** The page of the app to come back to. */
      return_to: z.string().max(2_048).regex(/^\/(?![/\\])/, 'must be a path of this app')
        .optional(),
    },
    output: z.object({ authorization_url: z.string() }),
  }),
  test_server: operation({
    summary: 'Try a server step by step and name the first thing that fails',
    audience: 'admin',
    counted: true,
    input: { server_id: id },
    output: z.object({
      ok: z.boolean(),
      steps: z.array(testStep),
      tools_found: z.number().int(),
      ...signInNeeded.partial().shape,
    }),
  }),
  sync_tools: operation({
    summary: 'Read the server’s tools and keep their definitions',
    audience: 'admin',
    counted: true,
    input: { server_id: id },
    output: z.union([
      z.object({
        tools_synced: z.number().int(),
        added: z.array(z.string()),
        changed: z.array(z.string()),
        removed: z.array(z.string()),
        /** Why listed tools were left out: the name and a sentence. */
        left_out: z.array(z.object({ tool_name: z.string(), message: z.string() })),
      }),
      signInNeeded,
    ]),
  }),
  list_tools: operation({
    summary: 'The tools of one server, or of all the team’s active servers',
    audience: 'member',
    input: { server_id: id.optional() },
    output: z.object({ tools: z.array(tool) }),
  }),
  set_tool_policy: operation({
    summary: 'Rule on tools: run at once, ask first, or never. What is left out stays as it is',
    audience: 'admin',
    input: {
      server_id: id,
      tool_names: z.array(toolName).min(1).max(1_000),
      policy,
      allows_always: z.boolean().optional(),
      sends_out: z.boolean().optional(),
    },
    output: z.object({ tool_names: z.array(z.string()), policy }),
  }),
  call_tool: operation({
    summary: 'Run a tool and answer with what it returned',
    audience: 'corridor',
    input: {
      server_id: id,
      tool_name: toolName,
      parameters: z.record(z.string(), z.unknown()).default({}),
      /** `async`: answered at once, with the execution’s id; its end is notified. */
      mode: z.enum(['sync', 'async']).default('sync'),
      idempotency_key: z.string().min(1).max(255).optional(),
      chat_id: id.optional(),
      message_id: id.optional(),
    },
    output: executionAnswer,
  }),
  answer_input: operation({
    summary: 'Answer what an execution of yours asks, and get how it goes on',
    audience: 'member',
    input: {
      execution_id: id,
      /** MCP calls this `action`, which on the wire is taken: `{ "action": "accept", "execution_id": … }` is understood too. */
      answer: inputAction,
      /** With `accept`: the values of the form. Fields left out take their defaults. */
      content: z.record(z.string(), z.unknown()).optional(),
      /** The `id` of the question that was seen: an answer to another one than is asked now is refused. */
      question_id: z.string().max(64).optional(),
    },
    output: executionAnswer,
  }),
  answer_approval: operation({
    summary: 'Approve or reject a call that waits for it, once; a yes may change its arguments',
    audience: 'member',
    input: {
      approval_id: id,
      decision: z.enum(['approve', 'reject']),
      /** With `approve`: what to call it with instead. Values shown as `[redacted]` stay as they were. */
      parameters: z.record(z.string(), z.unknown()).optional(),
      /** With `approve`, where the tool allows it: never ask me about this tool again. */
      always: z.boolean().default(false),
    },
    output: executionAnswer,
  }),
  cancel_execution: operation({
    summary: 'Cancel an execution of yours that has not ended',
    audience: 'member',
    input: { execution_id: id },
    output: executionAnswer,
  }),
  ...turnOperations,
  get_execution: operation({
    summary: 'One execution: your own, one of a chat you share, any of the team’s for analysts',
    audience: 'member',
    input: { execution_id: id },
    output: z.object({ execution }),
  }),
  ...webhookOperations,
  list_resources: operation({
    summary: 'What a server offers to read: resources and templates of their addresses',
    audience: 'member',
    counted: true,
    input: { server_id: id },
    output: z.union([
      z.object({ resources: z.array(resource), templates: z.array(resourceTemplate) }),
      signInNeeded,
    ]),
  }),
  read_resource: operation({
    summary: 'Read one resource of a server',
    audience: 'member',
    counted: true,
    input: { server_id: id, uri: z.string().min(1).max(8_192) },
    output: z.union([z.object({ contents: z.array(resourceContents) }), signInNeeded]),
  }),
  list_prompts: operation({
    summary: 'The prompts a server offers',
    audience: 'member',
    counted: true,
    input: { server_id: id },
    output: z.union([z.object({ prompts: z.array(prompt) }), signInNeeded]),
  }),
  get_prompt: operation({
    summary: 'One prompt, filled in',
    audience: 'member',
    counted: true,
    input: {
      server_id: id,
      name: z.string().min(1).max(256),
      arguments: z.record(z.string(), z.string()).default({}),
    },
    output: z.union([
      z.object({ description: z.string().nullable(), messages }),
      signInNeeded,
    ]),
  }),
  complete: operation({
    summary: 'Suggestions for an argument of a prompt or of a resource template',
    audience: 'member',
    counted: true,
    input: {
      server_id: id,
      ref: z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('ref/prompt'), name: z.string().min(1).max(256) }),
        z.strictObject({ type: z.literal('ref/resource'), uri: z.string().min(1).max(8_192) }),
      ]),
      argument: z.strictObject({ name: z.string().min(1).max(256), value: z.string().max(8_192) }),
      /** Arguments already chosen. */
      context: z.record(z.string(), z.string()).default({}),
    },
    output: z.union([completion, signInNeeded]),
  }),
  ...modelOperations,
  ...deviceOperations,
} as const

export type Operations = typeof operations
export type ActionName = keyof Operations
export type RequestOf<Name extends ActionName> = z.output<Operations[Name]['request']>
export type InputOf<Name extends ActionName> = z.input<Operations[Name]['request']>
export type ResponseOf<Name extends ActionName> = z.infer<Operations[Name]['response']>
