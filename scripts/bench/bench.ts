// `npm run bench`: what a call of a tool costs through Astra, beside what it costs without, through the
// naive design and through a peer, all in one interleaved run on this machine. Fails only when something
// did not work; a goal that is missed is said and is no failure.
//
// Run: npm run bench [-- --short] [-- --json]     ASTRA_BENCH_LOUD=1 shows what its processes complain of
import { machine, watchOthers } from './cpu.ts'
import { judge } from './goals.ts'
import { delays, prepare } from './ground.ts'
import { machineLine, tableOf, verdictsOf } from './print.ts'
import { type Name, type Plan, runRounds } from './rounds.ts'

const full: Plan = { rounds: 5, cell_ms: 700, most: 4_000 }
const short: Plan = { rounds: 3, cell_ms: 150, most: 1_000 }

const say = (line: string) => console.error(`bench: ${line}`)

function planOf(args: string[]): { plan: Plan; json: boolean } {
  const unknown = args.find((arg) => arg !== '--short' && arg !== '--json')
  if (unknown !== undefined) throw new Error(`unknown argument ${unknown}: --short, --json`)
  return { plan: args.includes('--short') ? short : full, json: args.includes('--json') }
}

async function bench(parts: AsyncDisposableStack, stopped: Promise<never>): Promise<void> {
  const { plan, json } = planOf(Deno.args)
  const here = machine()
  const ground = await Promise.race([prepare(parts, say), stopped])
  const watched = watchOthers()
  const rounds = await Promise.race([runRounds(ground, plan, say), stopped])
  const others = watched()
  const verdicts = judge(rounds)
  const left_open = await ground.leftOpen()
  if (json) {
    const { notes, postgresVersion: postgres } = ground
    const told = { machine: here, others, postgres, plan, delays, notes, left_open }
    console.log(JSON.stringify({ ...told, rounds, verdicts }))
    return
  }
  const names = Object.fromEntries(
    Object.entries(ground.contenders).flatMap(([key, one]) => one ? [[key, one.name]] : []),
  ) as Record<Name, string>
  console.log(`\n${machineLine(here, { postgres: ground.postgresVersion, others })}`)
  console.log(`medians of ${plan.rounds} interleaved rounds, ${plan.cell_ms} ms for each number\n`)
  console.log(tableOf(rounds, names))
  console.log(explanation(left_open))
  console.log(verdictsOf(verdicts))
  for (const note of ground.notes) console.log(`\n${note}`)
}

function explanation(left_open: number): string {
  return `
CPU is that of what stands between caller and upstream: the function and the stack (gateway and Data API),
or the peer; the database is apart. "delayed" adds ${delays.project_ms} ms to each database or auth request and
${delays.upstream_ms} ms to each upstream request; "free project" answers each of them at once and writes nothing. Both are
called without the gateway. The naive design left ${left_open} sessions open.
MetaMCP is not measured here.
`
}

if (import.meta.main) {
  const stop = Promise.withResolvers<never>()
  stop.promise.catch(() => {})
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    Deno.addSignalListener(signal, () => stop.reject(new Error(`stopped by ${signal}`)))
  }
  const parts = new AsyncDisposableStack()
  let code = 0
  try {
    await bench(parts, stop.promise)
  } catch (thrown) {
    say(thrown instanceof Error ? thrown.message : String(thrown))
    code = 1
  }
  await parts.disposeAsync().catch((thrown) => say(`not everything ended well: ${thrown}`))
  Deno.exit(code)
}
