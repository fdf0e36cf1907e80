// Runs the official conformance suite as a process and reads what it left behind. Knows its command
// line, its folder of results and nothing about Astra.
import { fileURLToPath } from 'node:url'
import { type Check, finished, judge, type Verdict } from './verdict.ts'

const entry = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
)

export type Revision = '2025-11-25' | '2026-07-28'

/** How many scenarios a client must pass. Fixed here, so that a set that shrinks is noticed. */
export const required: Record<Revision, number> = { '2025-11-25': 18, '2026-07-28': 32 }

export type SetResult = { revision: Revision; scored: Verdict[]; unscored: Verdict[] }

type Given = { revision: Revision; command: string; env: Record<string, string> }

const timeoutMs = 60_000

/** One run of a frozen set: its scenarios all at once, as the suite runs them. */
export async function runSet({ revision, command, env }: Given): Promise<SetResult> {
  const scoredNames = await scenariosOf(revision)
  const folder = await Deno.makeTempDir({ prefix: 'astra-conformance-' })
  try {
    const options = ['--command', command, '--requirements', revision, '-o', folder]
    await suite(['client', ...options, '--timeout', String(timeoutMs)], env)
    const verdicts = await verdictsIn(folder)
    return {
      revision,
      scored: scoredNames.map((name) => verdicts.get(name) ?? neverRan(name)),
      unscored: [...verdicts.values()].filter(({ scenario }) => !scoredNames.includes(scenario)),
    }
  } finally {
    await Deno.remove(folder, { recursive: true })
  }
}

/** The scenarios a client must pass, as the suite lists them. */
async function scenariosOf(revision: Revision): Promise<string[]> {
  const said = await suite(['list', '--requirements', revision])
  const section = /^Client scenarios.*:\n((?: {2}- .+\n)+)/m.exec(said)?.[1] ?? ''
  return [...section.matchAll(/^ {2}- (\S+)$/gm)].map(([, name]) => name!)
}

async function suite(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-check', entry, ...args],
    env: { DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1', ...env },
    stdin: 'null',
    stderr: 'null',
  }).output()
  return new TextDecoder().decode(stdout)
}

/** The suite leaves `<scenario>-<time>/{checks.json,stdout.txt,stderr.txt}`; names may hold a slash. */
async function verdictsIn(folder: string): Promise<Map<string, Verdict>> {
  const found = new Map<string, Verdict>()
  for (const name of await foldersIn(folder)) {
    const read = (file: string) => Deno.readTextFile(`${folder}/${name}/${file}`).catch(() => '')
    const checks = await read('checks.json')
    if (checks === '') continue
    const scenario = name.replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '')
    const stdout = await read('stdout.txt')
    found.set(
      scenario,
      judge({
        scenario,
        checks: JSON.parse(checks) as Check[],
        ended: stdout.trim().split('\n').includes(finished) ? finished : null,
        said: stdout + await read('stderr.txt'),
      }),
    )
  }
  return found
}

async function foldersIn(folder: string): Promise<string[]> {
  const names: string[] = []
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory) continue
    if (/T[\d-]+Z$/.test(name)) names.push(name)
    else names.push(...(await foldersIn(`${folder}/${name}`)).map((inner) => `${name}/${inner}`))
  }
  return names.sort()
}

function neverRan(scenario: string): Verdict {
  return { scenario, passed: false, wire_failures: 0, problems: ['it did not run'] }
}
