// The whole API on one screen. On the wire: POST /functions/v1/mcp-client { "action": <name>, …input }.
import { z } from 'zod'
import { model } from './chat.ts'
import { execution, executionAnswer } from './execution.ts'
import { operation } from './operation.ts'
import { credential, server, serverConfig, serverType, stdioConfig, testStep } from './server.ts'
import { id } from './team.ts'
import { tool } from './tool.ts'

const name = z.string().trim().min(1).max(80)
const description = z.string().trim().max(2_000)
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
    input: {
      name,
      description: description.optional(),
      server_type: serverType,
      config,
      credential: credential.optional(),
    },
    output: z.object({ server }),
  }),
  update_server: operation({
    summary: 'Change a server’s name, description, address or whether it is in use',
    audience: 'admin',
    input: {
      server_id: id,
      name: name.optional(),
      description: description.nullable().optional(),
      config: config.optional(),
      is_active: z.boolean().optional(),
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
    summary: 'Replace a server’s credential, or remove it with null',
    audience: 'admin',
    input: { server_id: id, credential: credential.nullable() },
    output: z.object({ server }),
  }),
  test_server: operation({
    summary: 'Try a server step by step and name the first thing that fails',
    audience: 'admin',
    input: { server_id: id },
    output: z.object({ ok: z.boolean(), steps: z.array(testStep), tools_found: z.number().int() }),
  }),
  sync_tools: operation({
    summary: 'Read the server’s tools and keep their definitions',
    audience: 'admin',
    input: { server_id: id },
    output: z.object({
      tools_synced: z.number().int(),
      added: z.array(z.string()),
      changed: z.array(z.string()),
      removed: z.array(z.string()),
    }),
  }),
  list_tools: operation({
    summary: 'The tools of one server, or of all the team’s active servers',
    audience: 'member',
    input: { server_id: id.optional() },
    output: z.object({ tools: z.array(tool) }),
  }),
  call_tool: operation({
    summary: 'Run a tool and answer with what it returned',
    audience: 'corridor',
    input: {
      server_id: id,
      tool_name: z.string().min(1).max(256),
      parameters: z.record(z.string(), z.unknown()).default({}),
      idempotency_key: z.string().min(1).max(255).optional(),
      chat_id: id.optional(),
      message_id: id.optional(),
    },
    output: executionAnswer,
  }),
  get_execution: operation({
    summary: 'One execution: your own, or any of the team’s for those who may read its usage',
    audience: 'member',
    input: { execution_id: id },
    output: z.object({ execution }),
  }),
  get_model: operation({
    summary: 'What answers in the chat',
    audience: 'member',
    input: {},
    output: z.object({ model }),
  }),
} as const

export type Operations = typeof operations
export type ActionName = keyof Operations
export type RequestOf<Name extends ActionName> = z.output<Operations[Name]['request']>
export type InputOf<Name extends ActionName> = z.input<Operations[Name]['request']>
export type ResponseOf<Name extends ActionName> = z.infer<Operations[Name]['response']>
