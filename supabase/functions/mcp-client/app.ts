// The contents page: every door of the function.
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { perform } from './actions.ts'
import { authenticate, tokenVerifier, type VerifyToken } from './auth.ts'
import { type Database, openDatabase } from './db.ts'
import type { Settings } from './env.ts'
import { modelFetch } from './chat/model/fetch.ts'
import { noteToolsChanged } from './freshness.ts'
import { answerError, AppError, readJson, type Variables } from './http.ts'
import { tellAll, wantsLines } from './lines.ts'
import { type Connections, openConnections } from './mcp/connection.ts'
import type { GuardedFetch } from './mcp/egress.ts'
import { signInFetch } from './mcp/oauth-fetch.ts'
import { pushAnswerDoor } from './push-answer.ts'
import { pushMovedDoor } from './devices.ts'
import { resealDoor } from './reseal.ts'
import { callbackDoor, clientDocument } from './sign-in-doors.ts'
import { tickDoor } from './tick.ts'
import { webhookFetch } from './webhook-sending.ts'

/** What a request may use. One per process; nothing in it belongs to a caller. */
export type App = {
  settings: Settings
  db: Database
  connections: Connections
  /** The guarded fetch with the tight bounds of a sign-in. */
  signInFetch: GuardedFetch
  /** The guarded fetch as deliveries and pushes need it: of an answer only the status. */
  webhookFetch: GuardedFetch
  /** The guarded fetch as answers of models need it: long streams of small events. */
  modelFetch: GuardedFetch
  verifyToken: VerifyToken
  /** Work that outlives its request: the runtime is kept alive for it, and a shutdown waits for it. */
  background(work: Promise<unknown>): void
}

export function createApp(settings: Settings, background: App['background']): App {
  const app: App = {
    settings,
    db: openDatabase(settings),
    connections: openConnections({
      allowed_private_hosts: settings.allowedPrivateHosts,
      onToolsChanged: (upstream_key) => noteToolsChanged(app, upstream_key),
    }),
    signInFetch: signInFetch({ allowed_private_hosts: settings.allowedPrivateHosts }),
    webhookFetch: webhookFetch({ allowed_private_hosts: settings.allowedPrivateHosts }),
    modelFetch: modelFetch({ allowed_private_hosts: settings.allowedPrivateHosts }),
    verifyToken: tokenVerifier(settings),
    background,
  }
  return app
}

export function createDoors(app: App) {
  const doors = new Hono<Variables>().basePath('/mcp-client')

  doors.use(async function identifyRequest(c, next) {
    const requestId = crypto.randomUUID()
    c.set('requestId', requestId)
    await next()
    c.header('X-Request-Id', requestId)
  })
  // Any origin may ask, because nothing here trusts a cookie: only a bearer token opens a door.
  doors.use(cors({
    origin: '*',
    allowHeaders: ['authorization', 'apikey', 'content-type', 'x-client-info'],
    allowMethods: ['GET', 'POST', 'OPTIONS'],
    exposeHeaders: ['x-request-id', 'retry-after'],
    maxAge: 86_400,
  }))

  doors.get('/health', (c) => c.json({ ok: true }))

  doors.post('/', async (c) => {
    const caller = await authenticate(app, c.req.raw)
    const asked = { body: await readJson(c.req.raw), signal: c.req.raw.signal }
    if (wantsLines(c)) return tellAll(c, (tell) => perform(app, caller, { ...asked, tell }))
    return c.json(await perform(app, caller, asked))
  })

  doors.post('/chat', async (c) => {
    // Loaded on the first turn: language models are most of the bundle, and tools need none of it.
    const { chatDoor } = await import('./chat/turn.ts')
    return await chatDoor(app)(c)
  })

  doors.post('/reseal', resealDoor(app))
  doors.post('/tick', tickDoor(app))
  doors.post('/push/answer', pushAnswerDoor(app))
  doors.post('/push/moved', pushMovedDoor(app))
  doors.get('/oauth/callback', callbackDoor(app))
  doors.get('/oauth/client.json', clientDocument(app))

  doors.notFound((c) =>
    answerError(new AppError('not_found', 'There is nothing at this address.'), c)
  )
  doors.on(
    ['GET', 'PUT', 'PATCH', 'DELETE'],
    '/',
    (c) => answerError(new AppError('method_not_allowed', 'Operations are sent with POST.'), c),
  )
  doors.onError(answerError)
  return doors
}
