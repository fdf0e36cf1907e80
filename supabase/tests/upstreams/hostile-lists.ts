// Tool lists that circle, never end, are too long, or carry definitions meant to hurt who reads them.
import { json, mib, type Misbehave, rawResult, resultOf, tool } from './hostile-wire.ts'

const withSchema = (inputSchema: Record<string, unknown>): Misbehave => ({ rpc }) =>
  json(resultOf(rpc, { tools: [tool('t', { inputSchema, outputSchema: inputSchema })] }))

/** Schemas that each lead to the next one twice: 2^levels ways to the last. */
function doubling(levels: number): Record<string, unknown> {
  const defs: Record<string, unknown> = { [`d${levels}`]: { type: 'number' } }
  for (let n = 0; n < levels; n++) {
    const next = { $ref: `#/$defs/d${n + 1}` }
    defs[`d${n}`] = { anyOf: [next, next] }
  }
  return defs
}

export const lists: Record<string, Misbehave> = {
  loop: ({ rpc }) => json(resultOf(rpc, { tools: [tool('a')], nextCursor: 'same' })),
  pages({ rpc }) {
    const page = Number(rpc.params?.cursor ?? 0)
    return json(resultOf(rpc, { tools: [tool(`t${page}`)], nextCursor: String(page + 1) }))
  },
  emptypages({ rpc }) {
    const page = Number(rpc.params?.cursor ?? 0)
    return json(resultOf(rpc, { tools: [], nextCursor: `${page + 1}` }))
  },
  many({ rpc }) {
    return json(resultOf(rpc, { tools: Array.from({ length: 10_000 }, (_, n) => tool(`t${n}`)) }))
  },
  longdescription: ({ rpc }) =>
    json(resultOf(rpc, { tools: [tool('t', { description: 'x'.repeat(mib) })] })),
  longcursor: ({ rpc }) =>
    json(resultOf(rpc, { tools: [tool('t')], nextCursor: 'c'.repeat(3 * mib) })),
  odd({ rpc }) {
    const nested = JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)
    const deep = { ...tool('deep'), inputSchema: { type: 'object', nested } }
    const entries = [null, 7, {}, tool(''), tool('a\u001b[31m'), tool('ok'), tool('ok'), deep]
    return json(resultOf(rpc, { tools: entries }))
  },
  protokeys({ rpc }) {
    const bad = '{"type":"string"}'
    const properties = `{"__proto__":${bad},"constructor":${bad},"a":${bad}}`
    const schema = `{"type":"object","properties":${properties},"__proto__":{"isAdmin":true}}`
    return rawResult(rpc, `"tools":[{"name":"t","inputSchema":${schema}}]`)
  },
  recursiveref: withSchema({
    type: 'object',
    properties: { a: { $ref: '#' }, b: { $ref: '#/$defs/loop' } },
    $defs: { loop: { $ref: '#/$defs/loop' } },
  }),
  doublingref: withSchema({
    type: 'object',
    properties: { text: { $ref: '#/$defs/d0' } },
    $defs: doubling(40),
  }),
  networkref(asked) {
    const away = new URL('/mcp/canary', asked.request.url).href
    const properties = { text: { $ref: away }, more: { $ref: `${away}#/$defs/x` } }
    return withSchema({ $schema: away, $id: away, type: 'object', properties })(asked)
  },
  slowpattern: withSchema({
    type: 'object',
    properties: { text: { type: 'string', pattern: '^(a+)+$', format: 'regex' } },
    patternProperties: { '^(x+x+)+y$': { type: 'string' } },
  }),
}
