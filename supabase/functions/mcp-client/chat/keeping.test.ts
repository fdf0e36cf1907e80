// An answer that is kept while it is written: what is kept, how often, and who hears that it is to end.
import type { UIMessageChunk } from 'ai'
import assert from 'node:assert/strict'
import { textOf } from './chat-fixture.ts'
import type { ChatMessage } from './history.ts'
import { type Keeping, keepWhileWritten } from './keeping.ts'

type Parts = ChatMessage['parts'] | null

/** An answer that a test writes piece by piece, with what was asked to be kept of it. */
function written(over: Partial<Keeping> = {}) {
  const pipe = new TransformStream<UIMessageChunk, UIMessageChunk>()
  const writer = pipe.writable.getWriter()
  const saved: Parts[] = []
  let next = Promise.withResolvers<Parts>()
  const done = keepWhileWritten(pipe.readable, {
    every_ms: 5,
    onStop: () => {},
    save: (parts) => {
      saved.push(parts)
      next.resolve(parts)
      return Promise.resolve(true)
    },
    ...over,
  })
  return {
    saved,
    done,
    write: (...chunks: UIMessageChunk[]) => Promise.all(chunks.map((chunk) => writer.write(chunk))),
    end: () => writer.close(),
    /** The next that is asked to be kept, of which this holds. */
    async until(holds: (parts: Parts) => boolean): Promise<Parts> {
      for (;;) {
        next = Promise.withResolvers()
        const parts = await next.promise
        if (holds(parts)) return parts
      }
    },
  }
}

const begin: UIMessageChunk[] = [
  { type: 'start', messageId: 'm' },
  { type: 'start-step' },
  { type: 'text-start', id: 't' },
]
const say = (delta: string): UIMessageChunk => ({ type: 'text-delta', id: 't', delta })
const text = (parts: Parts) => textOf({ parts: parts ?? [] })

Deno.test('an answer is kept as it grows, and only when there is news', async () => {
  const answer = written()
  await answer.write(...begin, say('So '), say('far'))
  await answer.until((parts) => text(parts) === 'So far')
  await answer.until((parts) => parts === null)
  await answer.write(say(', so good.'))
  await answer.until((parts) => text(parts) === 'So far, so good.')
  await answer.end()
  await answer.done
  const kept = answer.saved.filter((parts) => parts !== null)
  assert.ok(kept.length <= 3, String(kept.length))
})

Deno.test('what could not be kept is kept the next time', async () => {
  const print = console.warn
  console.warn = () => {}
  const tries: string[] = []
  const twice = Promise.withResolvers<void>()
  const answer = written({
    save: (parts) => {
      if (parts === null) return Promise.resolve(true)
      tries.push(text(parts))
      if (tries.length === 1) return Promise.reject(new Error('no database'))
      twice.resolve()
      return Promise.resolve(true)
    },
  })
  try {
    await answer.write(...begin, say('Once.'))
    await twice.promise
    assert.equal(tries.at(-1), 'Once.')
    await answer.end()
    await answer.done
  } finally {
    console.warn = print
  }
})

Deno.test('whoever writes hears that the answer is to end', async () => {
  const heard = Promise.withResolvers<void>()
  const answer = written({ save: () => Promise.resolve(false), onStop: heard.resolve })
  await answer.write(...begin)
  await heard.promise
  await answer.end()
  await answer.done
})

Deno.test('an answer that breaks off is over all the same', async () => {
  const print = console.error
  const lines: string[] = []
  console.error = (line: string) => void lines.push(line)
  try {
    const broken = new ReadableStream<UIMessageChunk>({
      start: (controller) => controller.error(new Error('gone')),
    })
    await keepWhileWritten(broken, { save: () => Promise.resolve(true), onStop: () => {} })
  } finally {
    console.error = print
  }
  assert.match(lines.join(), /answer broke off/)
})
