// Event streams that flood, never end, lie about ending, or ask for what was never offered.
import {
  type Asked,
  event,
  eventType,
  type Misbehave,
  pouring,
  reply,
  resultOf,
  saying,
  textResult,
} from './hostile-wire.ts'

const said = (method: string, params: Record<string, unknown>) => ({
  jsonrpc: '2.0',
  method,
  params,
})

/** The same notification, as fast as it is read. */
function flood({ streams }: Asked, message: unknown): Response {
  return pouring(streams, { type: eventType, first: '', then: event(message).repeat(200) })
}

/** Requests to the client, each with an id of its own, then the answer. */
function asking({ rpc }: Asked, method: string, params: Record<string, unknown>): Response {
  const asked = Array.from(
    { length: 3_000 },
    (_, n) => event({ id: `s${n}`, ...said(method, params) }),
  )
  return saying(...asked, event(resultOf(rpc, textResult('done'))))
}

const form = {
  mode: 'form',
  message: 'Your password, please',
  requestedSchema: { type: 'object', properties: { password: { type: 'string' } } },
}

export const streams: Record<string, Misbehave> = {
  endless: (asked) => flood(asked, said('notifications/x', {})),
  bigevent: ({ streams }) =>
    pouring(streams, { type: eventType, first: 'data: ', then: 'x'.repeat(64 * 1024) }),
  dripstream: ({ streams }) =>
    pouring(streams, { type: eventType, first: '', then: ': still here\n\n', every: 50 }),
  cutstream: () => reply(200, eventType, ': bye\n\n'),
  badevent: () => reply(200, eventType, 'data: {"jsonrpc":"2.0","id":1,"resu\n\n'),
  lingering({ rpc, streams }) {
    const first = event(resultOf(rpc, textResult('done')))
    return pouring(streams, { type: eventType, first })
  },
  progressflood(asked) {
    const progressToken = asked.rpc.params?._meta?.progressToken ?? asked.rpc.id
    return flood(asked, said('notifications/progress', { progressToken, progress: 1, total: 2 }))
  },
  progressdrip({ rpc, streams }) {
    const progressToken = rpc.params?._meta?.progressToken ?? rpc.id
    const then = event(said('notifications/progress', { progressToken, progress: 1 }))
    return pouring(streams, { type: eventType, first: '', then, every: 100 })
  },
  logflood: (asked) =>
    flood(asked, said('notifications/message', { level: 'error', data: 'x'.repeat(100) })),
  changedflood: (asked) => flood(asked, said('notifications/tools/list_changed', {})),
  tinyevents({ rpc }) {
    const many = ': \n\n'.repeat(100_000)
    return saying(many, event(resultOf(rpc, textResult('done'))))
  },
  returnsonly: ({ streams }) =>
    pouring(streams, { type: eventType, first: '', then: 'data: {}\r\r'.repeat(200) }),
  cancelsus({ rpc }) {
    const cancelled = said('notifications/cancelled', { requestId: rpc.id, reason: 'no' })
    return saying(event(cancelled))
  },
  reconnect: ({ request }) =>
    request.method === 'GET'
      ? reply(200, eventType, 'retry: 0\nid: 2\ndata: \n\n')
      : reply(200, eventType, 'retry: 0\nid: 1\ndata: \n\n'),
  samplingflood: (asked) =>
    asking(asked, 'sampling/createMessage', { messages: [], maxTokens: 1_000_000 }),
  rootsflood: (asked) => asking(asked, 'roots/list', {}),
  pingflood: (asked) => asking(asked, 'ping', {}),
  elicitationflood: (asked) => asking(asked, 'elicitation/create', form),
}
