// The Deno that hosted projects run, for testing the function on it. Installed from npm into
// node_modules/.cache when a test first needs it: as a dependency of the project it would break `npm ci`
// where a platform's binary of so old a version is not to be had.
import { fileURLToPath } from 'node:url'

const VERSION = '2.1.4'
const folder = fileURLToPath(new URL(`../node_modules/.cache/deno-${VERSION}`, import.meta.url))
const entry = `${folder}/node_modules/deno/bin.cjs`

/** The command that starts it, as words. Throws when it cannot be installed. */
export async function hostedDeno(): Promise<string[]> {
  const command = ['node', entry]
  if (await answers(command)) return command
  console.log(`Installing Deno ${VERSION} from npm into node_modules/.cache`)
  await Deno.mkdir(folder, { recursive: true })
  await Deno.writeTextFile(`${folder}/package.json`, '{ "private": true }')
  const install = new Deno.Command('npm', {
    args: [
      'install',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--save-exact',
      `deno@${VERSION}`,
    ],
    cwd: folder,
    stdin: 'null',
  })
  await install.spawn().status
  if (!await answers(command)) throw new Error(`Deno ${VERSION} could not be installed`)
  return command
}

async function answers([program, ...args]: string[]): Promise<boolean> {
  const { success, stdout } = await new Deno.Command(program!, { args: [...args, '--version'] })
    .output()
  return success && new TextDecoder().decode(stdout).startsWith(`deno ${VERSION} `)
}
