// The measurement itself: in every round each contender has its turn, so that whatever else the machine
// does meanwhile falls on all of them.
import type { Contenders, Ground } from './ground.ts'
import { type Cell, type Contender, measure } from './load.ts'

export type Plan = { rounds: number; cell_ms: number; most: number }
export type Name = keyof Contenders
export type Round = Partial<Record<Name, Cell[]>>

const crowds = [1, 16, 64]

/** Who is measured with how many callers, in the order of their turns. */
const turns: [Name, number[]][] = [
  ['direct', crowds],
  ['directModern', crowds],
  ['reconnecting', crowds],
  ['hub', crowds],
  ['naive', crowds],
  ['astra', crowds],
  ['astraModern', crowds],
  ['thousand', [1]],
  ['freeNaive', crowds],
  ['freeAstra', crowds],
  ['farNaive', [1, 16]],
  ['farAstra', [1, 16]],
]

/** Warms everyone up, then measures round by round. Throws when a call of anyone fails. */
export async function runRounds(
  ground: Ground,
  { rounds, cell_ms, most }: Plan,
  say: (line: string) => void,
): Promise<Round[]> {
  const { contenders, database } = ground
  const present = turns.flatMap(([name, callers]) => {
    const contender = contenders[name]
    return contender ? [{ name, contender, callers }] : []
  })
  for (const { contender, callers } of present) await warm(contender, Math.max(...callers))
  const done: Round[] = []
  for (let number = 1; number <= rounds; number++) {
    say(`round ${number} of ${rounds}`)
    const round: Round = {}
    // Level by level, so that those who are compared with each other stand next to each other in time.
    for (const crowd of crowds) {
      for (const { name, contender, callers } of present) {
        if (!callers.includes(crowd)) continue
        const cell = await measure(contender, { callers: crowd, ms: cell_ms, most, database })
        ;(round[name] ??= []).push(cell)
      }
    }
    done.push(round)
  }
  return done
}

async function warm(contender: Contender, callers: number): Promise<void> {
  const bounds = { ms: 1_500, database: () => 0 }
  await measure(contender, { ...bounds, callers: 1, most: 20 })
  await measure(contender, { ...bounds, callers, most: 100 })
}
