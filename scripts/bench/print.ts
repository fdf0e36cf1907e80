// The measurement as text: a table of medians, then the goals. Pure.
import type { Machine } from './cpu.ts'
import { cellsOf, median, type Verdict } from './goals.ts'
import type { Name, Round } from './rounds.ts'

type Columns = string[]

const head: Columns = [
  '',
  'callers',
  'p50 ms',
  'p95 ms',
  'calls/s',
  'CPU µs/call',
  'function',
  'stack',
  'database',
]

export function tableOf(rounds: Round[], names: Record<Name, string>): string {
  const rows = (Object.keys(names) as Name[]).flatMap((name) => {
    const crowds = rounds[0]?.[name]?.map(({ callers }) => callers) ?? []
    return crowds.map((callers): Columns => {
      const cells = cellsOf(rounds, { name, callers })
      const of = (measure: keyof (typeof cells)[number]) =>
        median(cells.map((cell) => cell[measure]))
      return [
        names[name],
        String(callers),
        of('p50_ms').toFixed(2),
        of('p95_ms').toFixed(2),
        of('per_second').toFixed(0),
        whole(of('cpu_us')),
        whole(of('function_us')),
        whole(of('stack_us')),
        whole(of('database_us')),
      ]
    })
  })
  return aligned([head, ...rows])
}

export function verdictsOf(verdicts: Verdict[]): string {
  return aligned([
    ['goal', '', 'ratio', 'wanted', ''],
    ...verdicts.map(({ goal, what, ratio, wanted, verdict }) => [
      goal,
      what,
      ratio === null ? '–' : ratio.toFixed(2),
      wanted,
      verdict,
    ]),
  ])
}

export function machineLine(machine: Machine, more: { postgres: string; others: number }): string {
  const { cpu, cores, memory_gb, os, deno } = machine
  const line =
    `${cores} × ${cpu}, ${memory_gb} GB, ${os}; Deno ${deno}, PostgreSQL ${more.postgres}`
  if (Number.isNaN(more.others)) return line
  const share = `${line}; other work took ${(more.others * 100).toFixed(0)} % of the processors`
  return more.others > 0.1
    ? `${share}:\nwaits are longer than they need be, the more so the more processes a call passes`
    : share
}

function whole(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(0)
}

function aligned(rows: Columns[]): string {
  const widths = head.map((_, at) => Math.max(0, ...rows.map((row) => (row[at] ?? '').length)))
  const isText = (at: number) => rows.slice(1).every((row) => !/^[\d.–]+$/.test(row[at] ?? ''))
  const texts = widths.map((_, at) => isText(at))
  return rows.map((row) =>
    row.map((cell, at) => {
      const gap = ' '.repeat(Math.max(0, widths[at]! - cell.length))
      return texts[at] ? cell + gap : gap + cell
    }).join('  ').trimEnd()
  ).join('\n')
}
