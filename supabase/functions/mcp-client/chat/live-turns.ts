// The answers that are written in this process: how to end one at once, whoever asks. What another process
// writes is ended through its row.

const writing = new Map<string, AbortController>()

/** Begins an answer: its signal says when it is to end. `over` takes it off the list. */
export function beginTurn(message_id: string): { stop: AbortController; over: () => void } {
  const stop = new AbortController()
  writing.set(message_id, stop)
  return { stop, over: () => void writing.delete(message_id) }
}

/** Ends the answer, if it is written here. */
export function stopHere(message_id: string): void {
  writing.get(message_id)?.abort()
}

/** Ends all of them: this process is about to. */
export function stopAllHere(): void {
  for (const stop of writing.values()) stop.abort()
}
