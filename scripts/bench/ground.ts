// Everything the measurement stands on, started in order and ended in reverse: PostgreSQL, upstreams, the
// peers, Astra. Two upstreams, because the naive design leaves its sessions open there.
import postgres from 'postgres'
import { startPostgres } from '../../supabase/tests/postgres.ts'
import { startAstra } from './astra.ts'
import { startTold } from './child.ts'
import { familyOf, parentOf } from './cpu.ts'
import { directCaller, reconnectingCaller } from './direct.ts'
import { startFarFunction } from './far-function.ts'
import { startHub } from './hub.ts'
import type { Contender } from './load.ts'
import { naiveEntry, startNaive } from './naive/naive.ts'

export const delays = { project_ms: 5, upstream_ms: 20 }

export type Contenders = {
  direct: Contender
  directModern: Contender
  reconnecting: Contender
  naive: Contender
  hub: Contender | null
  astra: Contender
  astraModern: Contender
  /** The same behind delays. */
  farNaive: Contender
  farAstra: Contender
  /** A server with 1,000 tools. */
  thousand: Contender
}

export type Ground = {
  contenders: Contenders
  /** Processes of the database. */
  database: () => number[]
  postgresVersion: string
  /** Why a peer is missing. */
  notes: string[]
  /** Sessions that the naive design has left open at its upstream. */
  leftOpen(): Promise<number>
}

type Upstream = { fast: string; slow: string }
type Say = (line: string) => void

/** Starts it all; what is in `parts` ends it. Throws when anything but a peer cannot start. */
export async function prepare(parts: AsyncDisposableStack, say: Say): Promise<Ground> {
  const keep = <T extends { stop(): Promise<void> }>(part: T): T => {
    parts.defer(() => part.stop())
    return part
  }
  say('starting PostgreSQL and the upstreams')
  const base = keep(await startPostgres())
  const upstream = keep(await startUpstream()).said
  const leaking = keep(await startUpstream()).said
  say('starting Astra, the naive design and mcp-hub')
  const astra = keep(await startAstra(base.url))
  const naive = keep(await startNaive(base.url))
  const notes: string[] = []
  const hub = await startHub(`${upstream.fast}/session`).then(keep, (thrown) => {
    notes.push(`mcp-hub is missing from this run: ${String(thrown)}`)
    return null
  })
  const distance = keep(await startDistance([astra.url, naive.url])).said
  const farAstra = keep(await startFarFunction({ folder: astra.folder, project: distance[0]! }))
  const farNaive = keep(
    await startFarFunction({ folder: naive.folder, project: distance[1]!, entry: naiveEntry }),
  )
  const session = `${upstream.fast}/session`
  const modern = `${upstream.fast}/modern`
  const contenders: Contenders = {
    direct: await directCaller('direct, session era', session),
    directModern: await directCaller('direct, 2026-07-28', modern),
    reconnecting: reconnectingCaller('connect per call, session era', session),
    naive: naive.caller('naive design, session era', await naive.add(`${leaking.fast}/session`)),
    hub: hub?.contender ?? null,
    astra: astra.caller('Astra, session era', await astra.add(session)),
    astraModern: astra.caller('Astra, 2026-07-28', await astra.add(modern)),
    farNaive: naive.caller(
      'naive design, delayed',
      await naive.add(`${leaking.slow}/session`),
      farNaive,
    ),
    farAstra: astra.caller('Astra, delayed', await astra.add(`${upstream.slow}/session`), farAstra),
    thousand: astra.caller('Astra, 1,000 tools', await astra.add(`${upstream.fast}/thousand`)),
  }
  return { contenders, notes, ...await describe(base.url), leftOpen: () => leftOpen(leaking) }
}

function startUpstream() {
  return startTold<Upstream>(script('upstream.ts', [String(delays.upstream_ms)]))
}

function startDistance(origins: string[]) {
  return startTold<string[]>(script('distance.ts', [String(delays.project_ms), ...origins]))
}

function script(name: string, args: string[]) {
  const path = new URL(name, import.meta.url).pathname
  return { command: Deno.execPath(), args: ['run', '-A', '--no-check', path, ...args] }
}

async function describe(url: string) {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const [row] =
    await sql`select pg_backend_pid() as pid, current_setting('server_version') as version`
  const postmaster = parentOf(row!.pid)
  await sql.end()
  return {
    database: () => postmaster === null ? [] : familyOf(postmaster),
    postgresVersion: String(row!.version),
  }
}

async function leftOpen({ fast }: Upstream): Promise<number> {
  return await (await fetch(`${fast}/sessions-open`)).json()
}
