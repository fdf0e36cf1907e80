// Starts the function: the only file that does anything when imported.
import { createApp, createDoors } from './app.ts'
import { checkModelSettings } from './chat/model/settings.ts'
import { readSettings } from './env.ts'
import { log } from './log.ts'

declare const EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined

const settings = readSettings()
checkModelSettings(settings.model)
const unfinished = new Set<Promise<unknown>>()

const app = createApp(settings, (work) => {
  const kept: Promise<unknown> = work.finally(() => unfinished.delete(kept))
  unfinished.add(kept)
  if (typeof EdgeRuntime !== 'undefined') EdgeRuntime.waitUntil(kept)
})
const doors = createDoors(app)

const server = Deno.serve(
  settings.port === null ? {} : { hostname: '127.0.0.1', port: settings.port, onListen: () => {} },
  (request) => doors.fetch(request),
)

// Hosted isolates are ended by their platform; on a laptop a SIGTERM lets every answer and row finish.
if (settings.port !== null) {
  Deno.addSignalListener('SIGTERM', async () => {
    await server.shutdown()
    await Promise.allSettled(unfinished)
    await app.connections.close()
    log('info', 'stopped')
    Deno.exit(0)
  })
}
