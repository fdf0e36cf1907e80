// Everything the measurement stands on, started in order and ended in reverse: PostgreSQL, upstreams, the
// peers, Astra. Two upstreams, because the naive design leaves its sessions open there.
import postgres from 'postgres'
import { startPostgres } from '../../supabase/tests/postgres.ts'
import { type Astra, startAstra } from './astra.ts'
import type { Canned } from './canned.ts'
import { startTold } from './child.ts'
import { parentOf, usedByTree } from './cpu.ts'
import { directCaller, reconnectingCaller } from './direct.ts'
import { startFarFunction } from './far-function.ts'
import { startHub } from './hub.ts'
import type { Contender } from './load.ts'
import { type Naive, naiveEntry, startNaive } from './naive/naive.ts'

export const delays = { project_ms: 5, upstream_ms: 20 }

export type Contenders = {
  direct: Contender
  directModern: Contender
  reconnecting: Contender
  naive: Contender
  hub: Contender | null
  astra: Contender
  astraModern: Contender
  /** The same on a project that costs nothing. */
  freeNaive: Contender
  freeAstra: Contender
  /** The same behind delays. */
  farNaive: Contender
  farAstra: Contender
  /** A server with 1,000 tools. */
  thousand: Contender
}

export type Ground = {
  contenders: Contenders
  /** Processor time that the database has used so far. */
  database: () => number
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
  const keep: Keep = (part) => {
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
  const [onSession, onNaive] = await Promise.all([
    astra.add(`${upstream.fast}/session`),
    naive.add(`${leaking.fast}/session`),
  ])
  const session = `${upstream.fast}/session`
  const modern = `${upstream.fast}/modern`
  const contenders: Contenders = {
    direct: await directCaller('direct, session era', session),
    directModern: await directCaller('direct, 2026-07-28', modern),
    reconnecting: reconnectingCaller('connect per call, session era', session),
    hub: hub?.contender ?? null,
    naive: naive.caller('naive design, session era', onNaive),
    astra: astra.caller('Astra, session era', onSession),
    astraModern: astra.caller('Astra, 2026-07-28', await astra.add(modern)),
    thousand: astra.caller('Astra, 1,000 tools', await astra.add(`${upstream.fast}/thousand`)),
    ...await startFree({ astra, naive, onSession, onNaive, keep }),
    ...await startFar({ astra, naive, upstream, leaking, keep }),
  }
  return { contenders, notes, ...await describe(base.url), leftOpen: () => leftOpen(leaking) }
}

type Keep = <T extends { stop(): Promise<void> }>(part: T) => T
type Pair = { astra: Astra; naive: Naive; keep: Keep }

/** Both functions, without a gateway in front, on a project that answers at once. */
async function startFree(
  { astra, naive, keep, onSession, onNaive }: Pair & { onSession: string; onNaive: string },
) {
  // The first call makes Astra remember what the server speaks: that is part of a warm call's verdict.
  await astra.caller('first', onSession).call('first')
  const canned = keep(await startCanned(await astra.canned(onSession)))
  const cannedNaive = keep(await startCanned(await naive.canned(onNaive)))
  const ours = keep(await startFarFunction({ folder: astra.folder, project: canned.said }))
  const theirs = keep(
    await startFarFunction({ folder: naive.folder, project: cannedNaive.said, entry: naiveEntry }),
  )
  return {
    freeNaive: naive.caller('naive design, free project', onNaive, { ...theirs, alone: true }),
    freeAstra: astra.caller('Astra, free project', onSession, { ...ours, alone: true }),
  }
}

/** Both functions, without a gateway in front, at a distance from their project and their upstream. */
async function startFar(
  { astra, naive, keep, upstream, leaking }: Pair & { upstream: Upstream; leaking: Upstream },
) {
  const [ours, theirs] = keep(await startDistance([astra.url, naive.url])).said
  const farAstra = keep(await startFarFunction({ folder: astra.folder, project: ours! }))
  const farNaive = keep(
    await startFarFunction({ folder: naive.folder, project: theirs!, entry: naiveEntry }),
  )
  const [onAstra, onNaive] = await Promise.all([
    astra.add(`${upstream.slow}/session`),
    naive.add(`${leaking.slow}/session`),
  ])
  return {
    farNaive: naive.caller('naive design, delayed', onNaive, farNaive),
    farAstra: astra.caller('Astra, delayed', onAstra, farAstra),
  }
}

function startCanned(canned: Canned) {
  return startTold<string>(script('canned.ts', [JSON.stringify(canned)]))
}

/** The upstream, in a process of its own. */
export function startUpstream() {
  return startTold<Upstream>(script('upstream.ts', [String(delays.upstream_ms)]))
}

function startDistance(origins: string[]) {
  return startTold<string[]>(script('distance.ts', [String(delays.project_ms), ...origins]))
}

function script(name: string, args: string[]) {
  const path = new URL(name, import.meta.url).pathname
  return { command: Deno.execPath(), args: ['run', '-A', '--no-check', path, ...args] }
}

/** What PostgreSQL this is, and what processor time it has used so far. */
export async function describe(url: string) {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const [row] =
    await sql`select pg_backend_pid() as pid, current_setting('server_version') as version`
  const postmaster = parentOf(row!.pid)
  await sql.end()
  return {
    database: () => postmaster === null ? NaN : usedByTree(postmaster),
    postgresVersion: String(row!.version),
  }
}

async function leftOpen({ fast }: Upstream): Promise<number> {
  return await (await fetch(`${fast}/sessions-open`)).json()
}
