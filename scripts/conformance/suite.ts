// Runs the official conformance suite as a process. Knows its command line and nothing about Astra.
import { fileURLToPath } from 'node:url'
import { verdictsIn } from './results.ts'
import type { Verdict } from './verdict.ts'

const entry = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
)

export type Revision = '2025-11-25' | '2026-07-28'

/** How many scenarios a client must pass. Fixed here, so that a set that shrinks is noticed. */
export const required: Record<Revision, number> = { '2025-11-25': 18, '2026-07-28': 32 }

export type SetResult = { revision: Revision; scored: Verdict[]; unscored: Verdict[] }

type Given = { revision: Revision; command: string; env: Record<string, string> }
type Listed = { scored: string[]; unscored: string[] }

/** How long one scenario may take, and all of them, which run at once. */
const scenarioMs = 60_000
const setMs = 120_000

/** One run of a frozen set: its scenarios all at once, as the suite runs them. */
export async function runSet({ revision, command, env }: Given): Promise<SetResult> {
  const listed = await scenariosOf(revision)
  const folder = await Deno.makeTempDir({ prefix: 'astra-conformance-' })
  try {
    const options = ['--command', command, '--requirements', revision, '-o', folder]
    await untilSaved(start(['client', ...options, '--timeout', String(scenarioMs)], env), listed)
    const verdicts = await verdictsIn(folder)
    const verdictOf = (scenario: string) => verdicts.get(scenario) ?? neverRan(scenario)
    return {
      revision,
      scored: listed.scored.map(verdictOf),
      unscored: listed.unscored.map(verdictOf),
    }
  } finally {
    await Deno.remove(folder, { recursive: true })
  }
}

/** The scenarios of a client, as the suite lists them. */
async function scenariosOf(revision: Revision): Promise<Listed> {
  const { stdout } = await start(['list', '--requirements', revision]).output()
  const said = new TextDecoder().decode(stdout)
  const section = /^Client scenarios.*:\n((?: {2}- .+\n)+)/m.exec(said)?.[1] ?? ''
  const names = (text: string, line: RegExp) => [...text.matchAll(line)].map(([, name]) => name!)
  return {
    scored: names(section, /^ {2}- (\S+)$/gm),
    unscored: names(said, /^ {4}- (\S+) \[client\]$/gm),
  }
}

function start(args: string[], env: Record<string, string> = {}): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-check', entry, ...args],
    env: { DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1', ...env },
    stdin: 'null',
    stdout: 'piped',
    stderr: 'piped',
  }).spawn()
}

/**
 * It says when it has saved a scenario. Its own end is not waited for: before that it closes its servers
 * politely, and Astra keeps warm connections to them for a while.
 */
async function untilSaved(child: Deno.ChildProcess, { scored, unscored }: Listed): Promise<void> {
  const ending = setTimeout(() => child.kill('SIGKILL'), setMs)
  void child.stdout.pipeTo(new WritableStream()).catch(() => {})
  const missing = new Set([...scored, ...unscored])
  let rest = ''
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) missing.delete(savedIn(line) ?? '')
    if (missing.size === 0) break
  }
  clearTimeout(ending)
  if (missing.size === 0) child.kill('SIGKILL')
  await child.status
}

function savedIn(line: string): string | null {
  return /^Results saved to .*?astra-conformance-[^/]+\/(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(line)
    ?.[1] ?? null
}

function neverRan(scenario: string): Verdict {
  return { scenario, passed: false, wire_failures: 0, problems: ['it did not run'] }
}
