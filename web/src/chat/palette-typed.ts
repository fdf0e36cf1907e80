// What at the end of a draft opens the list over it: `/name` at its very start for what can be run, `@name` anywhere
// for what can be attached. Pure.

export type Typed = {
  sign: '/' | '@'
  /** What of the name is there already. */
  filter: string
  /** The draft without it. */
  rest: string
}

export function typedIn(draft: string): Typed | null {
  const command = /^\/([A-Za-z0-9_.-]*)$/.exec(draft)
  if (command) return { sign: '/', filter: command[1]!, rest: '' }
  const named = /(?:^|\s)@([\p{L}\p{N}_./:-]{0,80})$/u.exec(draft)
  if (!named) return null
  const filter = named[1]!
  return { sign: '@', filter, rest: draft.slice(0, draft.length - filter.length - 1) }
}
