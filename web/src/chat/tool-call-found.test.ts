// A tool that a model found by search and ran, as its stored parts are read: the tool itself, not the search.
import { describe, expect, it } from 'vitest'
import type { ChatMessage, MessagePart } from './chat-message.ts'
import type { ChatTool } from './chat-tools.ts'
import { readToolCall } from './tool-call.ts'

const key = 'mail__send_email'
const input = { to: ['bob@example.com'], subject: 'Late', body: 'Soon.' }
const tool: ChatTool = {
  id: 't',
  server_id: '3f0c1b52-6f0e-4b53-9d7f-2f4a2b6f9a01',
  server_name: 'Mail',
  tool_name: 'send_email',
  title: null,
  description: null,
  input_schema: { type: 'object', properties: { to: { type: 'array' } } },
  policy: 'allow',
  annotations: null,
  task_support: null,
  output_type: null,
}
const searched: MessagePart = {
  type: 'dynamic-tool',
  toolName: 'search_tools',
  toolCallId: 's',
  input: { query: 'send an email' },
  state: 'output-available',
  output: {
    kind: 'looked_up',
    result: { content: [], structuredContent: { tools: [{ tool: key, server: 'Mail' }] } },
    duration_ms: 4,
  },
}
const ran: MessagePart = {
  type: 'dynamic-tool',
  toolName: key,
  toolCallId: 'r',
  input,
  state: 'output-available',
  output: {
    kind: 'answered',
    execution_id: '3f0c1b52-6f0e-4b53-9d7f-2f4a2b6f9a02',
    status: 'awaiting_approval',
    approval: {
      approval_id: '3f0c1b52-6f0e-4b53-9d7f-2f4a2b6f9a03',
      needs: 'self',
      expires_at: '2026-12-01T00:00:00Z',
      allows_always: false,
      reason: 'outside',
    },
    duration_ms: 0,
  },
}
const card: MessagePart = {
  type: 'data-call',
  id: 'r',
  data: {
    tool_call_id: 'r',
    execution_id: '3f0c1b52-6f0e-4b53-9d7f-2f4a2b6f9a02',
    server_id: tool.server_id,
    server_name: 'Mail',
    tool_name: 'send_email',
    tool_title: null,
    started_at: '2026-11-29T00:00:00Z',
    progress: null,
    log: [],
  },
}
const message: ChatMessage = { id: 'm', role: 'assistant', parts: [searched, card, ran] }
const around = { message, tools: new Map([[key, tool]]), live: false }

describe('a tool found by search', () => {
  it('is shown, run again and approved as itself, with its own arguments and schema', () => {
    if (ran.type !== 'dynamic-tool') throw new Error('not a tool part')
    const call = readToolCall(ran, around)
    expect(call).toMatchObject({ key, title: 'Send email', serverName: 'Mail', input })
    expect(call.schema).toEqual(tool.input_schema)
    expect(call.state).toMatchObject({ kind: 'waiting', serverId: tool.server_id })
  })

  it('leaves the search beside it as a lookup of Astra’s own', () => {
    if (searched.type !== 'dynamic-tool') throw new Error('not a tool part')
    const call = readToolCall(searched, around)
    expect(call).toMatchObject({ key: 'search_tools', title: 'Search tools', serverName: null })
    expect(call.state).toMatchObject({ kind: 'done', executionId: null })
  })
})
