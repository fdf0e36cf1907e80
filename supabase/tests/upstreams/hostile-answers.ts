// Answers that are wrong, too large, too slow or not what they say: one request, one bad response.
import { Buffer } from 'node:buffer'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import {
  type Asked,
  event,
  eventType,
  json,
  jsonType,
  mib,
  type Misbehave,
  pouring,
  rawResult,
  redirect,
  reply,
  resultOf,
  saying,
  textResult,
} from './hostile-wire.ts'

/** Sixty-four megabytes that travel as a few kilobytes; the id need not be right. */
const bombs = {
  gzip: gzipSync(Buffer.alloc(64 * mib, '0')),
  br: brotliCompressSync(Buffer.alloc(64 * mib, '0')),
}

function bomb(encoding: keyof typeof bombs): Response {
  const headers = { 'content-type': jsonType, 'content-encoding': encoding }
  return new Response(bombs[encoding], { headers })
}

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

const sizes: Record<string, Misbehave> = {
  huge: ({ rpc }) => json(resultOf(rpc, textResult('x'.repeat(10 * mib)))),
  chunked: ({ streams }) =>
    pouring(streams, {
      type: jsonType,
      first: '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"',
      then: 'x'.repeat(64 * 1024),
    }),
  bomb: () => bomb('gzip'),
  brotlibomb: () => bomb('br'),
  deep: ({ rpc }) => rawResult(rpc, `"content":[],"structuredContent":${nested(100_000)}`),
  blocks({ rpc }) {
    const content = Array.from({ length: 1_001 }, () => ({ type: 'text', text: '' }))
    return json(resultOf(rpc, { content }))
  },
  manyvalues({ rpc }) {
    const keys = Array.from({ length: 300_000 }, (_, n) => `"${n}":1`).join(',')
    return rawResult(rpc, `"content":[],"structuredContent":{${keys}}`)
  },
}

const clocks: Record<string, Misbehave> = {
  silent: ({ request }) =>
    new Promise((resolve) => {
      request.signal.addEventListener('abort', () => resolve(new Response(null)), { once: true })
    }),
  drip: ({ streams }) => pouring(streams, { type: jsonType, first: ' ', then: ' ', every: 50 }),
  late: ({ rpc }) =>
    new Promise((resolve) => {
      setTimeout(() => resolve(json(resultOf(rpc, textResult('LATE')))), 2_500)
    }),
}

const shapes: Record<string, Misbehave> = {
  html: () => reply(200, 'text/html', '<html><body>Welcome</body></html>'),
  html404: () => reply(404, 'text/html', '<html>Not found</html>'),
  truncated: () => reply(200, jsonType, '{"jsonrpc":"2.0","id":1,"resu'),
  trailing: ({ rpc }) => reply(200, jsonType, `${JSON.stringify(resultOf(rpc, textResult('x')))}}`),
  empty: () => reply(200, jsonType, ''),
  nothing: () => new Response(null, { status: 204 }),
  accepted: () => new Response(null, { status: 202 }),
  scalar: () => reply(200, jsonType, '"hello"'),
  notaresult: ({ rpc }) => json(resultOf(rpc, { content: 'hello' })),
  oddresulttype: ({ rpc }) => json(resultOf(rpc, { resultType: 'surprise', content: [] })),
  batch: ({ rpc }) => json([resultOf(rpc, textResult('x')), resultOf(rpc, textResult('y'))]),
  oldjsonrpc: ({ rpc }) => json({ ...resultOf(rpc, textResult('x')), jsonrpc: '1.0' }),
  bothresultanderror: ({ rpc }) =>
    json({ ...resultOf(rpc, textResult('x')), error: { code: 1, message: 'SECRET' } }),
  odderror: ({ rpc }) => json({ jsonrpc: '2.0', id: rpc.id, error: 'SECRET stack trace' }),
  wrongid: ({ rpc }) => json({ ...resultOf(rpc, textResult('x')), id: 'someone else' }),
  nullid: ({ rpc }) => json({ ...resultOf(rpc, textResult('x')), id: null }),
  badutf8({ rpc }) {
    const text = JSON.stringify(resultOf(rpc, textResult('bad: ?')))
    const bytes = new TextEncoder().encode(text)
    bytes[text.indexOf('?')] = 0xff
    return reply(200, jsonType, bytes)
  },
  nul: ({ rpc }) => rawResult(rpc, '"content":[{"type":"text","text":"a\\u0000b\\ud800c"}]'),
  proto({ rpc }) {
    const bad = '{"isAdmin":true,"toString":"x"}'
    const keys = `"__proto__":${bad},"constructor":{"prototype":${bad}}`
    return rawResult(
      rpc,
      `"content":[{"type":"text","text":"x",${keys}}],${keys},"structuredContent":{${keys}}`,
    )
  },
  infinite: ({ rpc }) => rawResult(rpc, '"content":[],"structuredContent":{"n":1e400,"m":-1e400}'),
  longnumber: ({ rpc }) =>
    rawResult(rpc, `"content":[],"structuredContent":{"n":${'9'.repeat(200_000)}}`),
  novel({ rpc }) {
    const content = [{ type: 'hologram', 'x-depth': 3 }, { type: 'text', text: 'a', 'x-block': 1 }]
    return json(resultOf(rpc, { content, 'x-result': [1] }))
  },
}

const lies: Record<string, Misbehave> = {
  jsonasstream: ({ rpc }) => reply(200, eventType, JSON.stringify(resultOf(rpc, textResult('x')))),
  streamasjson: ({ rpc }) => reply(200, jsonType, event(resultOf(rpc, textResult('x')))),
  jsonasimage: ({ rpc }) => reply(200, 'image/png', JSON.stringify(resultOf(rpc, textResult('x')))),
  notgzip({ rpc }) {
    const headers = { 'content-type': jsonType, 'content-encoding': 'gzip' }
    return new Response(JSON.stringify(resultOf(rpc, textResult('x'))), { headers })
  },
}

const hugeChallenge = `Bearer realm="${'x'.repeat(60_000)}", error="invalid_token"`
const oddChallenge =
  'Bearer resource_metadata="javascript:alert(1)", scope="\\"; rm -rf /", Basic realm="<script>", ,,='

const statuses: Record<string, Misbehave> = {
  unauthorized: () => reply(401, 'text/plain', 'who are you'),
  hugechallenge: () => challenged(hugeChallenge),
  oddchallenge: () => challenged(oddChallenge),
  forbidden: () => reply(403, 'text/plain', 'not you'),
  teapot: () => reply(418, 'text/plain', 'SECRET teapot'),
  busy: () => reply(429, 'text/plain', 'later'),
  broken: () => reply(500, 'text/plain', 'SECRET stack trace'),
  badgateway: () => reply(502, 'text/html', '<html>SECRET proxy</html>'),
  redirectloop: ({ request }) => redirect(new URL(request.url).pathname),
  redirectaway: () => redirect('https://user:secret@evil.example/steal?token=1'),
  redirectin: () => redirect('http://169.254.169.254/latest/meta-data/'),
}

function challenged(challenge: string): Response {
  return new Response('who are you', { status: 401, headers: { 'www-authenticate': challenge } })
}

/** A second answer, or one nobody asked for. */
const extra: Record<string, Misbehave> = {
  twoanswers: ({ rpc }) =>
    saying(event(resultOf(rpc, textResult('first'))), event(resultOf(rpc, textResult('second')))),
  answersahead({ rpc }: Asked) {
    const next = (n: number) => ({ ...resultOf(rpc, textResult('AHEAD')), id: Number(rpc.id) + n })
    return saying(event(next(1)), event(next(2)), event(resultOf(rpc, textResult('first'))))
  },
}

export const answers = { ...sizes, ...clocks, ...shapes, ...lies, ...statuses, ...extra }
