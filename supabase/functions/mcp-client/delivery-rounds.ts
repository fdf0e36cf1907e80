// Rounds of a queue that the database keeps: claims what is due, a few at a time, and hands each on. Several
// processes may do so at once: the database leases each item to one of them. Knows nothing of what is sent.

/** Requests of this process at the same time, for one queue. */
const AT_ONCE = 20
/** One run goes on while items arrive, but not for ever: whoever comes next goes on. */
const RUN_MS = 30_000

export type Queue<Context, Item> = {
  claim(context: Context, room: number): Promise<Item[]>
  /** True when it arrived. Never throws. */
  deliver(context: Context, item: Item): Promise<boolean>
}

/** Gives the work of one queue of this process: delivers what is due and says how many were tried. */
export function roundsOf<Context, Item>(queue: Queue<Context, Item>) {
  let underway = 0
  let turn: Promise<unknown> = Promise.resolve()

  /** One claim at a time, so that there are never more under way than there is room for. */
  function nextInTurn(context: Context): Promise<Promise<boolean>[]> {
    const mine = turn.then(async () => {
      const room = AT_ONCE - underway
      if (room <= 0) return []
      const due = await queue.claim(context, room)
      underway += due.length
      return due.map((one) => queue.deliver(context, one).finally(() => underway--))
    })
    turn = mine.catch(() => {})
    return mine
  }

  return async function deliverDue(context: Context): Promise<number> {
    const last = performance.now() + RUN_MS
    for (let tried = 0;;) {
      const arrived = await Promise.all(await nextInTurn(context))
      tried += arrived.length
      if (!arrived.includes(true) || performance.now() > last) return tried
    }
  }
}
