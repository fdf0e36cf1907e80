// What is done in each column of the interop matrix, through the function over HTTP. Every cell asserts:
// that the thing works, or that the server itself says it does not offer it.
import assert from 'node:assert/strict'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { ask, tell, toolNames } from './ground.ts'
import type { Subject } from './servers.ts'

export type Outcome = 'passes' | 'not offered'
type Cell = (subject: Subject, server_id: string) => Promise<Outcome>

export const cells: Record<string, Cell> = {
  async tool({ tool }, server_id) {
    const answer = await ask('call_tool', { server_id, ...callOf(tool) })
    assert.equal(answer.status, 'success', JSON.stringify(answer))
    assert.match(answer.result.content[0].text, tool.says)
    return 'passes'
  },

  async resource(subject, server_id) {
    const { resources } = await ask('list_resources', { server_id })
    if (subject.resource === null) {
      assert.deepEqual(resources, [])
      return await undeclared(subject, 'resources')
    }
    const { contents } = await ask('read_resource', { server_id, uri: resources[0].uri })
    assert.equal(contents[0].uri, resources[0].uri)
    assert.match(contents[0].text, subject.resource.says)
    return 'passes'
  },

  async prompt(subject, server_id) {
    const { prompts } = await ask('list_prompts', { server_id })
    if (subject.prompt === null) {
      assert.deepEqual(prompts, [])
      return await undeclared(subject, 'prompts')
    }
    const { name, arguments: given, says } = subject.prompt
    assert.ok(prompts.some((prompt: { name: string }) => prompt.name === name))
    const { messages } = await ask('get_prompt', { server_id, name, arguments: given })
    assert.match(messages[0].content.text, says)
    return 'passes'
  },

  async progress(subject, server_id) {
    const told = await tell('call_tool', { server_id, ...callOf(subject.progress ?? subject.tool) })
    const { answer } = await told.next('answer')
    assert.equal(answer.status, 'success', JSON.stringify(answer))
    const seen = told.lines.filter(({ event }) => event === 'progress')
      .map(({ progress }) => progress.progress)
    // It was asked for progress as every server is, and told of none.
    if (subject.progress === null) return await noTool(subject, server_id, seen)
    assert.deepEqual(seen, [1, 2, 3])
    return 'passes'
  },

  async cancel({ cancel, tool }, server_id) {
    const told = await tell('call_tool', { server_id, ...callOf(cancel) })
    const { execution_id } = await told.next('begun')
    const release = cancel.reached ? await cancel.reached() : await atWork(told)
    try {
      await ask('cancel_execution', { execution_id })
      const { answer } = await told.next('answer')
      assert.equal(answer.status, 'cancelled', JSON.stringify(answer))
      await cancel.cancelled?.()
    } finally {
      release()
    }
    const { execution } = await ask('get_execution', { execution_id })
    assert.equal(execution.status, 'cancelled')
    const next = await ask('call_tool', { server_id, ...callOf(tool) })
    assert.equal(next.status, 'success', JSON.stringify(next))
    return 'passes'
  },

  async elicit(subject, server_id) {
    if (subject.elicit === null) return await noTool(subject, server_id, [])
    const asked = await ask('call_tool', { server_id, ...callOf(subject.elicit) })
    assert.equal(asked.status, 'awaiting_input', JSON.stringify(asked))
    assert.equal(asked.input.mode, 'form')
    assert.ok(asked.input.requested_schema.properties.name)
    const { content } = subject.elicit
    const { execution_id } = asked
    const answer = await ask('answer_input', { execution_id, answer: 'accept', content })
    assert.equal(answer.status, 'success', JSON.stringify(answer))
    assert.match(JSON.stringify(answer.result.content), /Ada Lovelace/)
    return 'passes'
  },
}

function callOf({ tool_name, parameters }: { tool_name: string; parameters: object }) {
  return { tool_name, parameters }
}

/** The server is at work once it tells of progress. */
async function atWork(told: { next(event: string): Promise<unknown> }): Promise<() => void> {
  await told.next('progress')
  return () => {}
}

/** Asked without Astra in between, the server declares no such capability. */
async function undeclared({ url }: Subject, capability: string): Promise<Outcome> {
  const client = new Client({ name: 'interop', version: '1.0.0' })
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  const declared = client.getServerCapabilities()
  await client.close()
  assert.ok(declared?.tools)
  assert.equal(Object.hasOwn(declared, capability), false)
  return 'not offered'
}

/** Nothing came, and its tools are exactly those known not to do it. */
async function noTool(
  { tools }: Subject,
  server_id: string,
  came: unknown[],
): Promise<Outcome> {
  assert.deepEqual(came, [])
  assert.deepEqual(await toolNames(server_id), tools)
  return 'not offered'
}
