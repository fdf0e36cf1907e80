// Fills a new stack with the demo: people through sign-up, teams through seed.sql, servers through the
// function as the team's owner. Every step looks first, so a start that was cut short is completed by
// the next one. Once done it is never repeated: what people then delete stays deleted.
import { join } from 'node:path'
import { z } from 'zod'
import type { Api, Session } from './api.ts'
import type { Database } from './database.ts'
import { demoEmails, demoOwner, demoPassword, demoTeams } from './demo.ts'
import { kept, readKept, writePrivate } from './folder.ts'
import { type Upstream, type UpstreamPorts, upstreams, upstreamUrl } from './upstreams.ts'

const memory = z.object({
  /** Where the upstreams listened last. */
  ports: z.record(z.string(), z.number()).default({}),
  /** Addresses the demo's servers were last registered with, by server id. */
  servers: z.record(z.string(), z.string()).default({}),
  /** Databases that have been filled. */
  filled: z.array(z.string()).default([]),
})
export type DemoMemory = z.infer<typeof memory>

/** What the folder remembers of the demo. */
export async function readDemo(folder: string): Promise<DemoMemory> {
  return memory.parse(await readKept(join(folder, kept.demo)) ?? {})
}

/** Keeps what was changed in the memory. */
export async function keepDemo(folder: string, demo: DemoMemory): Promise<void> {
  await writePrivate(join(folder, kept.demo), `${JSON.stringify(demo, null, 2)}\n`)
}

type Given = {
  folder: string
  root: string
  database: Database
  api: Api
  ports: UpstreamPorts
  memory: DemoMemory
}

/** Fills the database with the demo, or makes what it holds point at where the upstreams listen now. */
export async function seedDemo(given: Given): Promise<void> {
  const { database, memory, folder } = given
  if (memory.filled.includes(database.name)) {
    await followPorts(given)
    return
  }
  await signUpPeople(given)
  await database.run(await Deno.readTextFile(join(given.root, 'supabase/seed.sql')))
  await registerServers(given)
  memory.filled.push(database.name)
  await keepDemo(folder, memory)
}

async function signUpPeople({ database, api }: Given): Promise<void> {
  const rows = await database.run<{ email: string }>('select email from auth.users', [])
  const present = new Set(rows.map(({ email }) => email))
  for (const email of demoEmails) {
    if (!present.has(email)) await api.signUp(email, demoPassword)
  }
}

async function registerServers({ api, ports, memory, folder }: Given): Promise<void> {
  const owner = await api.signIn(demoOwner, demoPassword)
  const { servers } = await owner.call('list_servers', {})
  for (const upstream of upstreams) {
    const present = servers.find(({ name }) => name === upstream.serverName)
    const id = present?.id ?? await register(owner, upstream, ports)
    if (present) await moveServer(owner, { id, url: upstreamUrl(upstream, ports) })
    await owner.call('sync_tools', { server_id: id })
    await allowAll(owner, id)
    memory.servers[id] = upstreamUrl(upstream, ports)
  }
  await keepDemo(folder, memory)
}

/** The demo’s tools play with what they are given and keep it to themselves. */
async function allowAll(owner: Session, server_id: string): Promise<void> {
  const { tools } = await owner.call('list_tools', { server_id })
  const tool_names = tools.map(({ tool_name }) => tool_name)
  await owner.call('set_tool_policy', { server_id, tool_names, policy: 'allow', sends_out: false })
}

async function register(owner: Session, upstream: Upstream, ports: UpstreamPorts): Promise<string> {
  const { server } = await owner.call('add_server', {
    team_id: demoTeams.Acme,
    name: upstream.serverName,
    description: 'The MCP reference server: every feature of the protocol, and a tool called echo',
    server_type: upstream.serverType,
    config: { url: upstreamUrl(upstream, ports) },
  })
  return server.id
}

/** Upstreams that had to move take their servers along, unless someone has given those another address. */
async function followPorts({ database, api, ports, memory, folder }: Given): Promise<void> {
  const rows = await database.run<{ id: string; name: string; url: string }>(
    `select id, name, config ->> 'url' as url from public.mcp_servers where team_id = $1`,
    [demoTeams.Acme],
  )
  const moved = rows.flatMap((row) => {
    const upstream = upstreams.find(({ serverName }) => serverName === row.name)
    if (!upstream || memory.servers[row.id] !== row.url) return []
    const url = upstreamUrl(upstream, ports)
    return url === row.url ? [] : [{ id: row.id, url }]
  })
  if (moved.length === 0) return
  const owner = await api.signIn(demoOwner, demoPassword)
  for (const { id, url } of moved) {
    await moveServer(owner, { id, url })
    memory.servers[id] = url
  }
  await keepDemo(folder, memory)
}

async function moveServer(owner: Session, { id, url }: { id: string; url: string }): Promise<void> {
  await owner.call('update_server', { server_id: id, config: { url } })
}
