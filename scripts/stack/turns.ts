// One at a time: what a database with a single session needs from whoever shares it.

export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>

/** Gives a function that runs each piece of work after the one before has ended, well or badly. */
export function createTurns(): TakeTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.then(nothing, nothing)
    return mine
  }
}

/** For what can be shared: everything at once. */
export const atOnce: TakeTurn = (work) => work()

function nothing(): void {}
