// An answer that is told as it comes about: one JSON object a line (`application/x-ndjson`). What happened
// on the way, then `answer` or `error`, which has the shape it has over plain JSON.
import type { Context } from 'hono'
import { type Happening, LINES } from '../../../shared/happening.ts'
import { errorBodyOf, type Variables } from './http.ts'

export function wantsLines(c: Context): boolean {
  return c.req.header('accept')?.includes(LINES) ?? false
}

/** So many lines wait for a slow reader. */
const MOST_UNREAD = 1_000

/**
 * Answers 200 at once; a refusal is the last line. A reader who leaves hears no more, and one who does not
 * keep up misses what happened meanwhile: a server may tell its progress faster than anyone reads.
 */
export function tellAll(
  c: Context<Variables>,
  work: (tell: (happening: Happening) => void) => Promise<unknown>,
): Response {
  const encoder = new TextEncoder()
  let left = false
  const lines = new ReadableStream<Uint8Array>({
    async start(controller) {
      const say = (line: unknown) => {
        if (!left) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
      }
      const tell = (happening: Happening) => {
        if ((controller.desiredSize ?? 0) > -MOST_UNREAD) say(happening)
      }
      try {
        say({ event: 'answer', answer: await work(tell) })
      } catch (thrown) {
        say({ event: 'error', ...errorBodyOf(thrown, c.get('requestId')).body })
      }
      if (!left) controller.close()
      // A call that waits for a person goes on after its answer.
      left = true
    },
    cancel() {
      left = true
    },
  })
  return c.body(lines, 200, { 'Content-Type': LINES, 'Cache-Control': 'no-store' })
}
