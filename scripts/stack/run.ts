// Starts every part of the stack in order and hands back what ends them all, in reverse. A part that
// cannot start ends the parts before it, so a failed start leaves nothing running.
import { join } from 'node:path'
import { createApi } from './api.ts'
import { startBackend } from './backend.ts'
import { startClock } from './clock.ts'
import { type Database, openPglite, openPostgres } from './database.ts'
import { holdFolder, kept, prepareFolder } from './folder.ts'
import type { FunctionAddress } from './function-child.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { followKeys } from './keys.ts'
import { divertConsole, openLog } from './log-file.ts'
import { readMigrations } from './migrations.ts'
import { listen } from './origin.ts'
import { reasonOf, StartProblem } from './problem.ts'
import { type Processes, startProcesses } from './processes.ts'
import { keepSecrets, type Secrets } from './secrets.ts'
import { type DemoMemory, keepDemo, readDemo, seedDemo } from './seed.ts'
import type { StackSettings } from './settings.ts'
import { demoState, removeState, writeState } from './state.ts'
import { serveFolder } from './static-files.ts'
import { choosePorts, type UpstreamPorts } from './upstreams.ts'
import { buildWeb, builtFolder, proxyTo } from './web.ts'

type Say = (line: string) => void

/**
 * Starts the stack. Resolves when everything answers and the demo is in place. Throws StartProblem, or
 * what `stop` was aborted with when someone ends it before it is ready.
 */
export async function runStack(
  settings: StackSettings,
  { say, stop }: { say: Say; stop: AbortSignal },
): Promise<AsyncDisposableStack> {
  await using parts = new AsyncDisposableStack()
  const unlessStopped = stoppable(stop)
  const { folder } = settings
  await takeFolder(folder, parts)
  const secrets = await keepSecrets(folder)
  const log = openLog(folder, 'stack')
  divertConsole(log)
  const migrations = await readMigrations(settings.migrationsFolder)
  const demo = await readDemo(folder)
  const origin = listen(settings.port)
  const database = await openDatabase(settings)
  parts.defer(() => database.close())
  parts.defer(() => origin.close())
  const backend = await unlessStopped(
    startBackend(database, { secrets, url: settings.url, migrations }),
  )

  const address: FunctionAddress = { port: null }
  const ports = settings.demo ? await rememberPorts(folder, demo) : null
  const processes = startProcesses({ settings, secrets, address, ports, say })
  parts.defer(() => processes.stop())
  const site = await unlessStopped(openSite(settings, { say, processes }))
  origin.answerWith(
    createGateway({ ...apiOf(settings, secrets), backend, functionAddress: address, site }),
  )
  await unlessStopped(processes.ready())

  if (ports) await unlessStopped(fillDemo({ settings, secrets, database, ports, demo }, say))
  if (settings.clock) {
    const { url } = settings
    const report = (reason: string) => log.write(`clock: ${reason}\n`)
    parts.defer(startClock({ url, secret_key: secrets.secret_key, report }))
  }
  const { tellFunction } = processes
  parts.defer(followKeys(folder, { secrets, tellFunction, say }))
  await publishState({ settings, secrets, processes }, parts)
  return parts.move()
}

/** Gives a wrapper that stops waiting for a piece of work once the signal is aborted. */
function stoppable(stop: AbortSignal): <T>(work: Promise<T>) => Promise<T> {
  const stopped = new Promise<never>((_, reject) => {
    stop.addEventListener('abort', () => reject(stop.reason), { once: true })
  })
  stopped.catch(() => {})
  return (work) => Promise.race([work, stopped])
}

async function takeFolder(folder: string, parts: AsyncDisposableStack): Promise<void> {
  await prepareFolder(folder)
  // Twice, because `status` takes the lock for a moment to see whether anyone has it.
  const hold = await holdFolder(folder) ?? await later(() => holdFolder(folder))
  if (!hold) throw new StartProblem(`another Astra runs on the data folder ${folder}`)
  parts.defer(() => hold.release())
  await removeState(folder)
}

function later<T>(act: () => Promise<T>): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(act()), 150))
}

function openDatabase({ databaseUrl, folder }: StackSettings): Promise<Database> {
  return databaseUrl ? openPostgres(databaseUrl) : openPglite(join(folder, kept.database))
}

async function rememberPorts(folder: string, demo: DemoMemory): Promise<UpstreamPorts> {
  const ports = choosePorts(demo.ports)
  demo.ports = ports
  await keepDemo(folder, demo)
  return ports
}

async function openSite(
  settings: StackSettings,
  { say, processes }: { say: Say; processes: Processes },
): Promise<Gateway['site']> {
  if (processes.vitePort !== null) return proxyTo(processes.vitePort)
  if (settings.web) await buildWeb(settings.root, { log: openLog(settings.folder, 'web'), say })
  return serveFolder(builtFolder(settings.root))
}

function apiOf({ url }: StackSettings, { publishable_key }: Secrets) {
  return { url, publishableKey: publishable_key }
}

type DemoParts = {
  settings: StackSettings
  secrets: Secrets
  database: Database
  ports: UpstreamPorts
  demo: DemoMemory
}

/** A demo that cannot be completed must not keep a team from its own work: it is said, and tried again next time. */
async function fillDemo(
  { settings, secrets, database, ports, demo }: DemoParts,
  say: Say,
): Promise<void> {
  const { folder, root, url } = settings
  const api = createApi(url, secrets.publishable_key)
  try {
    await seedDemo({ folder, root, database, api, ports, memory: demo })
  } catch (thrown) {
    say(`The demo is not complete, the next start tries again: ${reasonOf(thrown)}`)
  }
}

async function publishState(
  { settings, secrets, processes }: {
    settings: StackSettings
    secrets: Secrets
    processes: Processes
  },
  parts: AsyncDisposableStack,
): Promise<void> {
  const { folder, url, demo } = settings
  const publish = () =>
    writeState(folder, {
      url,
      publishable_key: secrets.publishable_key,
      secret_key: secrets.secret_key,
      function_url: `${url}/functions/v1/mcp-client`,
      pids: { stack: Deno.pid, ...processes.pids },
      demo: demo ? demoState : null,
    })
  await publish()
  processes.onChange(publish)
  parts.defer(async () => {
    processes.onChange(() => Promise.resolve())
    await removeState(folder)
  })
}
