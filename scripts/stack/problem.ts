// A reason not to start that a person can act on: shown as one line, with a non-zero exit.

export class StartProblem extends Error {
  override name = 'StartProblem'
}

/** The message of anything thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
