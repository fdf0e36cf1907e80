// Starts the function: the only file that does anything when imported.
import { createApp, createDoors } from './app.ts'
import { stopAllHere } from './chat/live-turns.ts'
import { checkModelSettings } from './chat/model/settings.ts'
import { readSettings } from './env.ts'
import { log } from './log.ts'

declare const EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined

export const settings = readSettings()
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

const PATIENCE_MS = 3_000

/** Resolves when the work is done or patience is over, whichever is first. */
function patiently(work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
}

// Hosted isolates are ended by their platform. On a laptop a SIGTERM lets quick answers leave, then ends
// the upstream calls still running, so that their rows are closed before the process is.
if (settings.port !== null) {
  Deno.addSignalListener('SIGTERM', async () => {
    await patiently(server.shutdown())
    stopAllHere()
    await patiently(app.connections.close())
    await patiently(Promise.allSettled(unfinished))
    log('info', 'stopped')
    Deno.exit(0)
  })
}
