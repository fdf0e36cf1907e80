import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { startCountingServer } from '../upstreams/counting.ts'
import { startHostile } from '../upstreams/hostile.ts'
import { startRaw } from '../upstreams/hostile-raw.ts'
import { residentBytes, watchMemory } from './memory.ts'
import {
  addServer,
  functionPid,
  people,
  plantTool,
  stack,
  stored,
  syncAndAllow,
} from './the-stack.ts'

const good = startCountingServer()
const bad = startHostile()
const raw = startRaw()
globalThis.addEventListener('unload', () => {
  void good.stop()
  void bad.stop()
  void raw.stop()
})
const goodId = await addServer(good.url)
await syncAndAllow(goodId)

const mib = 1024 * 1024
const mostMemory = 128 * mib
const quick = 1_000

const callGood = (text = 'fine') =>
  people.member.call('call_tool', { server_id: goodId, tool_name: 'echo', parameters: { text } })

let before: Promise<number> | undefined

/** What the process holds after ordinary work: many calls, some at once, a few with large answers. */
async function afterOrdinaryWork(): Promise<number> {
  for (let n = 0; n < 10; n++) await Promise.all(Array.from({ length: 20 }, () => callGood()))
  for (let n = 0; n < 3; n++) assert.equal((await callGood('x'.repeat(3 * mib))).status, 200)
  return residentBytes(await functionPid())
}

type Ending = [status: string, code: string | null]
const fine: Ending = ['success', null]
const unreachable: Ending = ['error', 'upstream_unreachable']
const unauthorized: Ending = ['error', 'upstream_unauthorized']
const protocol: Ending = ['error', 'upstream_protocol']
const tooLarge: Ending = ['error', 'upstream_too_large']
const refused: Ending = ['error', 'address_refused']
const late: Ending = ['timeout', 'timeout']

/** What a server does when a tool is called, and how the call must end in both eras, or in each. */
const kinds: [kind: string, does: string, session: Ending, stateless?: Ending][] = [
  ['huge', 'answers with ten megabytes', tooLarge],
  ['chunked', 'never ends its answer', tooLarge],
  ['bomb', 'answers with a gzip bomb', tooLarge],
  ['brotlibomb', 'answers with a brotli bomb', tooLarge],
  ['deep', 'nests its JSON 100,000 levels deep', tooLarge],
  ['blocks', 'answers with more than a thousand blocks', tooLarge],
  ['manyvalues', 'answers with 300,000 values', tooLarge],
  ['silent', 'says nothing', late],
  ['drip', 'lets its answer drip', late],
  ['late', 'answers after it was given up', late],
  ['html', 'answers with a web page', protocol],
  ['html404', 'answers with a web page that says 404', protocol],
  ['truncated', 'breaks off in the middle of its JSON', protocol],
  ['trailing', 'goes on after the end of its JSON', protocol],
  ['empty', 'answers with nothing at all', protocol],
  ['nothing', 'answers 204', protocol],
  ['accepted', 'answers 202 and leaves it at that', protocol],
  ['scalar', 'answers with a string', protocol],
  ['notaresult', 'answers with something that is no result', protocol],
  ['oddresulttype', 'makes up a type of result', fine, protocol],
  ['batch', 'answers with a list of answers', fine],
  ['oldjsonrpc', 'speaks another JSON-RPC', protocol],
  ['bothresultanderror', 'answers with a result and an error', protocol],
  ['odderror', 'answers with an error of its own make', protocol],
  ['wrongid', 'answers someone else', protocol],
  ['nullid', 'answers nobody', protocol],
  ['badutf8', 'sends bytes that are no UTF-8', fine],
  ['nul', 'sends a NUL and half a character', fine],
  ['proto', 'names its keys after the prototype', fine],
  ['infinite', 'sends numbers beyond every number', fine],
  ['longnumber', 'sends a number of 200,000 digits', fine],
  ['jsonasstream', 'calls JSON an event stream', unreachable],
  ['streamasjson', 'calls an event stream JSON', protocol],
  ['jsonasimage', 'calls JSON a picture', protocol],
  ['notgzip', 'calls plain text gzip', unreachable],
  ['unauthorized', 'wants a credential', unauthorized],
  ['hugechallenge', 'wants a credential in 60,000 characters', unauthorized],
  ['oddchallenge', 'wants a credential in words that mean harm', unauthorized],
  ['forbidden', 'forbids it', unauthorized],
  ['teapot', 'is a teapot', protocol],
  ['busy', 'is too busy', protocol],
  ['broken', 'fails with its stack trace', unreachable],
  ['badgateway', 'stands behind a failing proxy', unreachable],
  ['redirectloop', 'redirects to itself', refused],
  ['redirectaway', 'redirects to someone else', refused],
  ['redirectin', 'redirects to the inside', refused],
  ['twoanswers', 'answers twice', fine],
  ['answersahead', 'answers what was not asked yet', fine],
  ['endless', 'sends events without end', tooLarge],
  ['bigevent', 'sends one event without end', tooLarge],
  ['dripstream', 'keeps its stream alive and says nothing', late],
  ['cutstream', 'ends its stream without an answer', unreachable],
  ['badevent', 'sends an event that breaks off', unreachable],
  ['progressflood', 'floods with progress', tooLarge],
  ['progressdrip', 'makes progress for ever', late],
  ['logflood', 'floods with log messages', tooLarge],
  ['changedflood', 'changes its tools without end', tooLarge],
  ['tinyevents', 'sends 100,000 tiny events', tooLarge],
  ['returnsonly', 'hides its events between carriage returns', tooLarge],
  ['cancelsus', 'cancels what it was asked', unreachable],
  ['reconnect', 'has its stream taken up again at once, again and again', late],
]

const ofHttp: [kind: string, does: string, ends: Ending][] = [
  ['hugeheader', 'sends a header of a megabyte', unreachable],
  ['endlessheader', 'sends headers without end', unreachable],
  ['manyheaders', 'sends 50,000 headers', unreachable],
  ['dripheader', 'lets its headers drip', late],
  ['cutbody', 'hangs up in the middle of its answer', unreachable],
  ['cutchunk', 'hangs up in the middle of a chunk', unreachable],
  ['badchunk', 'cannot count its chunks', unreachable],
  ['endlesschunkextension', 'extends a chunk without end', unreachable],
  ['twolengths', 'gives two lengths', unreachable],
  ['oddstatus', 'answers with status 999', protocol],
  ['nostatus', 'answers without a status', unreachable],
  ['nothttp', 'does not speak HTTP', unreachable],
  ['switching', 'switches protocols', protocol],
  ['oddsession', 'names a session with control characters', unreachable],
  ['reset', 'hangs up', unreachable],
]

/** One call: its end, in time, in memory, on record, and the next one to a good server. */
async function callOnce(url: string, [status, code]: Ending, times = 1): Promise<string> {
  before ??= afterOrdinaryWork()
  const base = await before
  const server_id = await addServer(url)
  // What ends by the clock gets a short one; a cap must be met before any clock.
  const seconds = status === 'timeout' ? 1 : 20
  await plantTool(server_id, 'anything', seconds)
  const memory = watchMemory(await functionPid())
  const { status: http, body } = await people.member.call('call_tool', {
    server_id,
    tool_name: 'anything',
    parameters: {},
  })
  const next = await timed(callGood)
  memory.stop()
  assert.equal(http, 200, JSON.stringify(body))
  assert.deepEqual([body.status, body.error?.code ?? null], [status, code], body.error?.message)
  assert.ok(body.duration_ms < (seconds * times + 1) * 1_000, `took ${body.duration_ms} ms`)
  assert.equal(next.value.body.status, 'success')
  assert.ok(next.ms < quick, `the next call took ${next.ms} ms`)
  const grown = memory.peak() - base
  assert.ok(grown < mostMemory, `the process grew by ${Math.round(grown / mib)} MB`)
  assert.doesNotMatch(JSON.stringify(body), /SECRET|LATE|AHEAD|evil\.example\/|<html/)
  const row = await stored(body.execution_id)
  assert.deepEqual([row.status, row.error_code], [status, code])
  return body.execution_id
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now()
  const value = await work()
  return { value, ms: performance.now() - started }
}

const inWords = ([status, code]: Ending) =>
  code === null ? 'ends well' : `ends as ${code ?? status}`

for (const [kind, does, session, stateless = session] of kinds) {
  Deno.test(`a call to a server that ${does} ${inWords(session)}, in time, in memory, and alone`, async () => {
    // Progress keeps a call alive, up to four times its timeout.
    const times = kind === 'progressdrip' ? 4 : 1
    await callOnce(bad.url('call', kind), session, times)
    await callOnce(bad.url('modern', kind), stateless, times)
  })
}

for (const [kind, does, ends] of ofHttp) {
  Deno.test(`a call to a server that ${does} ${inWords(ends)}, in time, in memory, and alone`, () =>
    callOnce(raw.url(kind), ends).then(() => {}))
}

Deno.test('an answer that comes after its call has ended changes nothing', async () => {
  const id = await callOnce(bad.url('call', 'late'), late)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  assert.equal((await stored(id)).status, 'timeout')
})

Deno.test(promises.every_end_recorded, async () => {
  const running = 'status=in.(pending,running)&select=id'
  const { body: open } = await stack.asService(`mcp_tool_executions?${running}`)
  assert.deepEqual(open, [])
})
