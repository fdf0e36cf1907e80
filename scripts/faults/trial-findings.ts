// What came of the trials: on record, at the upstream, and for those who called.
import type postgres from 'postgres'
import { pause } from '../bench/serve.ts'
import type { Finding } from '../scenarios/scenario.ts'
import type { Heard } from './callers.ts'
import { contradictions, few, passTime, type Told, toldOtherwise } from './journal.ts'
import { hows, moments, steps, type Trial } from './trials.ts'
import type { Received } from './upstream.ts'

/** A worker that lives ends its rows by itself, within the function's patience with a database. */
const PATIENCE_MS = 40_000
const LOOK_EVERY_MS = 200

type Given = { planned: Trial[]; received: () => Promise<Received[]> }

export async function findings(
  sql: postgres.Sql,
  { planned, received }: Given,
): Promise<Finding> {
  const left = await leftOpen(sql, planned)
  const survived = planned.filter(({ how }) => how !== 'kill')
  const otherwise = await toldOtherwise(sql, survived.flatMap(lastWord))
  const reaped = await passTime(sql)
  const calls = await received()
  const told = planned.flatMap(lastWord)
  const unmet = planned.filter(({ isMet }) => !isMet)
  const odd = planned.flatMap((trial) =>
    trial.heard.filter((heard) => !isExpected(heard, trial)).map((heard) =>
      `${nameOf(trial)} ${JSON.stringify(heard).slice(0, 200)}`
    )
  )
  return {
    seen: [
      `${planned.length} calls, each broken once; the server received ${calls.length} calls`,
      `${reaped} executions were closed by the reaper`,
      ...await table(sql, planned),
    ],
    broken: [
      ...few('a call never came to its moment', unmet.map(nameOf)),
      ...few('a living worker left a row open', left),
      ...few('a caller was told something else than is on record', otherwise),
      ...await contradictions(sql, { received: calls, told }),
      ...await rowless(sql, planned),
      ...few('a caller heard something unexpected', odd),
    ],
  }
}

/**
 * Rows without an end, though their worker lives and was told all it needs. It is not when the answer that
 * admits a call, or lets it go on, is lost: then nobody has the call, and a lease is what ends it.
 */
async function leftOpen(sql: postgres.Sql, planned: Trial[]): Promise<string[]> {
  const owned = planned.filter(({ how, step, moment }) =>
    how !== 'kill' && !(step === 'begin' && moment === 'after') &&
    !(step === 'resume' && moment === 'after') && !(step === 'suspend' && moment === 'before')
  )
  const ids = owned.map(({ id }) => id)
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const open = await sql`select input_parameters ->> 'id' as id from public.mcp_tool_executions
      where completed_at is null and input_parameters ->> 'id' in ${sql(ids)}`
    if (open.length === 0 || Date.now() > deadline) {
      return owned.filter(({ id }) => open.some((row) => row.id === id)).map(nameOf)
    }
    await pause(LOOK_EVERY_MS)
  }
}

/** The end that the caller was told, when it was told one. */
function lastWord({ heard }: Trial): Told[] {
  const last = heard.at(-1)
  return last?.kind === 'answer' && !last.answer.input ? [last.answer] : []
}

/** Only who was killed breaks a connection; and what Astra refuses, it refuses for one of these reasons. */
function isExpected(heard: Heard, { how }: Trial): boolean {
  if (heard.kind === 'answer') return true
  if (heard.kind === 'broken') return how === 'kill'
  return heard.kind === 'refusal' && ['unavailable', 'in_progress', 'conflict'].includes(heard.code)
}

async function rowless(sql: postgres.Sql, planned: Trial[]): Promise<string[]> {
  const rows = await sql`select input_parameters ->> 'id' as id from public.mcp_tool_executions`
  const known = new Set(rows.map(({ id }) => id))
  return few('a call has no row', planned.filter(({ id }) => !known.has(id)).map(nameOf))
}

/** How the executions of each step ended. */
async function table(sql: postgres.Sql, planned: Trial[]): Promise<string[]> {
  const rows = await sql`select input_parameters ->> 'id' as id, status
    from public.mcp_tool_executions`
  const statusOf = new Map(rows.map(({ id, status }) => [id, String(status)]))
  return steps.flatMap((step) =>
    moments.map((moment) => {
      const ofHow = hows.map((how) => {
        const trials = planned.filter((one) =>
          one.step === step && one.moment === moment && one.how === how
        )
        return `${how}: ${counted(trials.map(({ id }) => statusOf.get(id) ?? 'no row'))}`
      })
      return `${`${moment} ${step}`.padEnd(15)} ${ofHow.join('; ')}`
    })
  )
}

function counted(words: string[]): string {
  const kinds = Object.entries(Object.groupBy(words, (word) => word))
  return kinds.map(([word, all]) => `${all!.length} ${word}`).join(', ')
}

function nameOf({ step, moment, how, id }: Trial): string {
  return `${how} ${moment} ${step} ${id.slice(0, 8)}`
}
