// The gate: everything that must hold, in the order that fails soonest, each stage alone on the machine.
// Not named test.ts, which Deno would take for a test and run within itself.
// Installs nothing silently and skips nothing: a stage whose prerequisite is missing fails.
//
// Run: npm test [stage …]      stages: check function hosted database stack interop conformance faults load
//                              web journeys

import { hostedDeno } from './hosted-deno.ts'

type Stage = { name: string; steps: Step[] }
type Step = {
  what: string
  command: string[]
  cwd?: string
  env?: Record<string, string>
  counts?: Runner
}
/** How its cases are counted: all write JUnit, each when told so in its own way; `own` are our programs. */
type Runner = 'deno' | 'vitest' | 'own'
type Tally = { passed: number; failed: number }

const bin = (name: string) => new URL(`../node_modules/.bin/${name}`, import.meta.url).pathname
const deno = bin('deno')

const denoTest = (...paths: string[]) => [deno, 'test', '-A', '--no-check', ...paths]
const conformance = [deno, 'run', '-A', '--no-check', 'scripts/conformance/client.ts']
/** The gate's stages named on the command line, or all of them. */
const wanted = (name: string) => Deno.args.length === 0 || Deno.args.includes(name)
const onHosted = ['hosted', 'stack', 'interop', 'conformance'].some(wanted)
const hosted = onHosted ? await hostedDeno() : []
const withHosted = { ASTRA_FUNCTION_DENO: hosted.join(' ') }

const stages: Stage[] = [
  {
    name: 'check',
    steps: [
      { what: 'formatting', command: [deno, 'fmt', '--check', '--quiet'] },
      { what: 'deno lint', command: [deno, 'lint', '--quiet', 'supabase', 'scripts', 'shared'] },
      {
        what: 'oxlint',
        command: [bin('oxlint'), '--type-aware', 'web', 'shared', 'supabase', 'scripts'],
      },
      {
        what: 'types of the function, stack and tests',
        command: [deno, 'check', '--quiet', 'supabase', 'scripts', 'shared'],
      },
      { what: 'types of the web app', command: [bin('tsc'), '-p', 'web'] },
      { what: 'types of its service worker', command: [bin('tsc'), '-p', 'web/src/worker'] },
      { what: 'types of the journeys', command: [bin('tsc'), '-p', 'web/e2e'] },
      { what: 'boundaries', command: [deno, 'run', '-A', 'scripts/boundaries.ts'] },
      {
        what: 'freshness of the database types',
        command: [deno, 'run', '-A', 'scripts/types.ts', '--check'],
      },
    ],
  },
  {
    name: 'function',
    steps: [{
      what: 'function, contracts and scripts on Deno 2.9.5',
      command: denoTest(
        'shared',
        'supabase/functions',
        'supabase/tests/promises.test.ts',
        'scripts',
      ),
      counts: 'deno',
    }],
  },
  {
    name: 'hosted',
    steps: [{
      what: 'function on Deno 2.1.4, which hosted projects run',
      command: [...hosted, ...denoTest('shared', 'supabase/functions').slice(1)],
      counts: 'deno',
    }],
  },
  {
    name: 'database',
    steps: [{
      what: 'database on PGlite and PostgreSQL',
      command: denoTest('supabase/tests/database'),
      counts: 'deno',
    }],
  },
  {
    name: 'stack',
    steps: [
      { what: 'the stack as a process', command: denoTest('supabase/tests/stack'), counts: 'deno' },
      {
        what: 'black box over HTTP, function on Deno 2.9.5',
        command: denoTest('supabase/tests/function/all.ts'),
        counts: 'deno',
      },
      {
        what: 'black box over HTTP, function on Deno 2.1.4',
        command: denoTest('supabase/tests/function/all.ts'),
        env: withHosted,
        counts: 'deno',
      },
    ],
  },
  {
    name: 'interop',
    steps: [
      {
        what: 'five kinds of server, six things each may offer, function on Deno 2.9.5',
        command: denoTest('supabase/tests/interop'),
        counts: 'deno',
      },
      {
        what: 'five kinds of server, six things each may offer, function on Deno 2.1.4',
        command: denoTest('supabase/tests/interop'),
        env: withHosted,
        counts: 'deno',
      },
    ],
  },
  {
    name: 'conformance',
    steps: [
      {
        what: 'the official suite against the function as a client, three times, on Deno 2.9.5',
        command: conformance,
        counts: 'own',
      },
      {
        what: 'the official suite against the function as a client, once, on Deno 2.1.4',
        command: [...conformance, '--runs', '1'],
        env: withHosted,
        counts: 'own',
      },
    ],
  },
  {
    name: 'faults',
    steps: [{
      what: 'everything around a call, broken on purpose',
      command: [deno, 'run', '-A', '--no-check', 'scripts/faults/faults.ts', '--short'],
      counts: 'own',
    }],
  },
  {
    name: 'load',
    steps: [{
      what: 'many callers at once',
      command: [deno, 'run', '-A', '--no-check', 'scripts/load/load.ts', '--short'],
      counts: 'own',
    }],
  },
  {
    name: 'web',
    steps: [{
      what: 'units of the web app',
      command: [bin('vitest'), 'run'],
      cwd: 'web',
      counts: 'vitest',
    }],
  },
  {
    name: 'journeys',
    steps: [
      { what: 'build', command: [bin('vite'), 'build'], cwd: 'web' },
      {
        what: 'journeys in Chromium',
        command: [bin('vitest'), 'run', '--config', 'e2e/vitest.config.ts'],
        cwd: 'web',
        counts: 'vitest',
      },
    ],
  },
]

async function perform(step: Step, reports: string): Promise<Tally> {
  const report = `${reports}/${crypto.randomUUID()}.xml`
  const reporting = step.counts === 'vitest'
    ? ['--reporter=default', '--reporter=junit', `--outputFile.junit=${report}`]
    : step.counts
    ? [`--junit-path=${report}`]
    : []
  const [program, ...given] = step.command
  const started = performance.now()
  console.log(`\n── ${step.what}`)
  // Deno reads its options only before the first path.
  const at = given.indexOf('--no-check') + 1
  const { code } = await new Deno.Command(program!, {
    args: step.counts === 'deno' ? given.toSpliced(at, 0, ...reporting) : [...given, ...reporting],
    cwd: step.cwd,
    env: step.env,
    stdin: 'null',
  }).spawn().status
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  const tally = step.counts ? await readReport(report) : { passed: 1, failed: 0 }
  if (code !== 0 && tally.failed === 0) tally.failed = 1
  if (code === 0 && tally.passed === 0) return { passed: 0, failed: 1 }
  console.log(`── ${step.what}: ${tally.failed === 0 ? 'passed' : 'FAILED'} in ${seconds} s`)
  return tally
}

/** Counts the cases of a JUnit report. No report means nothing ran, which is a failure. */
async function readReport(path: string): Promise<Tally> {
  const xml = await Deno.readTextFile(path).catch(() => '')
  const cases = xml.match(/<testcase /g)?.length ?? 0
  const failed = xml.match(/<(failure|error)[ >]/g)?.length ?? 0
  const skipped = xml.match(/<skipped/g)?.length ?? 0
  if (skipped > 0) console.error(`${skipped} tests were skipped: nothing may be`)
  return { passed: cases - failed - skipped, failed: failed + skipped }
}

const unknown = Deno.args.filter((name) => !stages.some((stage) => stage.name === name))
if (unknown.length > 0) {
  const names = stages.map(({ name }) => name).join(' ')
  console.error(`No such stage: ${unknown.join(', ')}. Stages: ${names}`)
  Deno.exit(2)
}

const reports = await Deno.makeTempDir()
const total: Tally = { passed: 0, failed: 0 }
for (
  const step of stages.filter(({ name }) => wanted(name)).flatMap(({ steps }) => steps)
) {
  const tally = await perform(step, reports)
  total.passed += tally.passed
  total.failed += tally.failed
}
await Deno.remove(reports, { recursive: true })
console.log(`\n${total.passed} passed, ${total.failed} failed`)
Deno.exit(total.failed === 0 ? 0 : 1)
