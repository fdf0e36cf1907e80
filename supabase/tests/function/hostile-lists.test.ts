import assert from 'node:assert/strict'
import { slowToMatch, startHostile } from '../upstreams/hostile.ts'
import { residentBytes, watchMemory } from './memory.ts'
import { addServer, functionPid, people, syncAndAllow } from './the-stack.ts'

const bad = startHostile()
globalThis.addEventListener('unload', () => void bad.stop())
const mib = 1024 * 1024

/** Work that is quick, and after which the process is not 128 MB larger than before. */
async function bounded<T>(work: () => Promise<T>): Promise<T> {
  const base = residentBytes(await functionPid())
  const memory = watchMemory(await functionPid())
  const started = performance.now()
  try {
    return await work()
  } finally {
    memory.stop()
    assert.ok(performance.now() - started < 3_000, `took ${performance.now() - started} ms`)
    assert.ok(memory.peak() - base < 128 * mib, `grew by ${(memory.peak() - base) / mib} MB`)
  }
}

const refusedLists: [kind: string, does: string, says: RegExp][] = [
  ['loop', 'comes back to the same page', /goes in circles/],
  ['pages', 'has always one more page', /more than 64 pages/],
  ['emptypages', 'has always one more empty page', /more than 64 pages/],
  ['longcursor', 'has a cursor of three megabytes', /goes in circles/],
  ['many', 'holds 10,000 tools', /more than 2000 tools/],
  ['html', 'is a web page', /did not answer in the MCP protocol/],
  ['bomb', 'is a gzip bomb', /larger than 4 MiB/],
  ['deep', 'is nested 100,000 levels deep', /not a list of tools/],
  ['logflood', 'comes with a flood of log messages', /more events than can be followed/],
  ['redirectaway', 'is said to be elsewhere', /redirects to evil\.example;/],
]

for (const [kind, does, says] of refusedLists) {
  Deno.test(`a tool list that ${does} is refused, and said to be on the server`, async () => {
    const server_id = await addServer(bad.url('list', kind))
    const sync = () => people.owner.call('sync_tools', { server_id })
    const { status, body } = await bounded(sync)
    assert.equal(status, 503, JSON.stringify(body))
    assert.equal(body.error.code, 'unavailable')
    assert.match(body.error.message, says)
    const { body: listed } = await people.member.call('list_servers')
    const shown = listed.servers.find(({ id }: { id: string }) => id === server_id)
    assert.equal(shown.last_error, body.error.message)
  })
}

Deno.test('a tool with a description of a megabyte is left out by name', async () => {
  const server_id = await addServer(bad.url('list', 'longdescription'))
  const { status, body } = await bounded(() => people.owner.call('sync_tools', { server_id }))
  assert.equal(status, 200, JSON.stringify(body))
  assert.equal(body.tools_synced, 0)
  assert.deepEqual(body.left_out.map((one: { tool_name: string }) => one.tool_name), ['t'])
})

const schemas: [kind: string, does: string][] = [
  ['networkref', 'points at an address'],
  ['recursiveref', 'points at itself'],
  ['doublingref', 'has 2^40 ways through it'],
  ['slowpattern', 'has a pattern that takes for ever'],
  ['protokeys', 'names its properties after the prototype'],
]

for (const [kind, does] of schemas) {
  Deno.test(`a tool whose schema ${does} is listed and called, quickly and without a request`, async () => {
    const server_id = await addServer(bad.url('list', kind))
    await bounded(() => syncAndAllow(server_id))
    const parameters = { text: slowToMatch, constructor: 'x' }
    const call = { server_id, tool_name: 't', parameters }
    const { body } = await bounded(() => people.member.call('call_tool', call))
    assert.equal(body.status, 'success', JSON.stringify(body.error))
    assert.equal(bad.hits('canary'), 0)
    assert.equal(({} as Record<string, unknown>).isAdmin, undefined)
  })
}
