// A throwaway PostgreSQL (15 or newer) for tests and measurements. Never skips: without one it throws.
// Listens on loopback with a password of its own.
import { join } from 'node:path'
import { output, type Owner, ownerOf, postgresPrograms } from './postgres-programs.ts'

export type Postgres = {
  /** `postgres://postgres:…@127.0.0.1:<port>/postgres`, a superuser. */
  url: string
  /** Ends the server as a crash does (`pg_ctl stop -m immediate`): it recovers at its next start. */
  crash(): Promise<void>
  /** Starts it again after a crash, with the same contents and on the same port. */
  start(): Promise<void>
  /** Ends the server and deletes its files. */
  stop(): Promise<void>
}

type Cluster = { bin: string; folder: string; settled: string; owner: Owner; settings: string[] }

/**
 * Starts an empty cluster in a temporary folder. Its contents are thrown away, so nothing is synced to disk
 * unless it is to be `durable`. Throws when no PostgreSQL can be had.
 */
export async function startPostgres({ durable = false } = {}): Promise<Postgres> {
  const password = crypto.randomUUID()
  const cluster = await createCluster(password, durable ? [] : unsynced)
  const port = freePort()
  let server = await startServer(cluster, port)
  const endWithUs = () => server.kill('SIGQUIT')
  globalThis.addEventListener('unload', endWithUs)
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    async crash() {
      server.kill('SIGQUIT')
      await server.status
    },
    start: async () => void (server = await startServer(cluster, port)),
    async stop() {
      globalThis.removeEventListener('unload', endWithUs)
      try {
        server.kill('SIGINT')
      } catch {
        // A Ctrl-C in the terminal had reached it as well.
      }
      await server.status
      await Deno.remove(cluster.folder, { recursive: true })
    },
  }
}

const unsynced = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

const always = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=60']

async function createCluster(password: string, settings: string[]): Promise<Cluster> {
  const bin = await postgresPrograms()
  const owner = await ownerOf()
  const folder = await Deno.makeTempDir({ prefix: 'astra-postgres-' })
  const settled = join(folder, 'cluster')
  await Deno.writeTextFile(join(folder, 'password'), password)
  if (owner) {
    await Promise.all(
      [folder, join(folder, 'password')].map((path) => Deno.chown(path, owner.uid, owner.gid)),
    )
  }
  const choices = ['-U', 'postgres', '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--no-sync']
  const pwfile = `--pwfile=${join(folder, 'password')}`
  await output(join(bin, 'initdb'), ['-D', settled, ...choices, pwfile], { owner, cwd: folder })
  return { bin, folder, settled, owner, settings: [...always, ...settings] }
}

async function startServer(
  { bin, folder, settled, owner, settings }: Cluster,
  port: number,
): Promise<Deno.ChildProcess> {
  const server = new Deno.Command(join(bin, 'postgres'), {
    args: ['-D', settled, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    cwd: folder,
    ...owner,
    stdin: 'null',
    stdout: 'null',
    stderr: 'piped',
  }).spawn()
  await untilReady(server)
  return server
}

/** Resolves when the server says that it is ready; its further output is read and dropped. */
function untilReady(server: Deno.ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const read = async () => {
    let said = ''
    for await (const part of server.stderr.pipeThrough(new TextDecoderStream())) {
      said = `${said}${part}`.slice(-4_000)
      if (said.includes('ready to accept connections')) resolve()
    }
    reject(new Error(`PostgreSQL did not start: ${said}`))
  }
  void read()
  return promise
}

function freePort(): number {
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const { port } = listener.addr
  listener.close()
  return port
}
