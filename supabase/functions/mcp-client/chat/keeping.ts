// Keeps an answer while it is written, about once a second: other devices and members see it grow, a killed
// worker loses little, and whoever wants it ended is heard, whichever process they asked.
import { readUIMessageStream, type UIMessageChunk } from 'ai'
import { log } from '../log.ts'
import { pause } from '../pause.ts'
import type { ChatMessage } from './history.ts'

const EVERY_MS = 1_000
/** Keeping an answer takes at most this part of the time, however large it has become. */
const SHARE = 0.2

export type Keeping = {
  /** Null: no news. Gives whether the answer may go on. */
  save(parts: ChatMessage['parts'] | null): Promise<boolean>
  /** The answer is to end. */
  onStop(): void
  /** Left out, about a second. */
  every_ms?: number
}

/** Reads the answer to its end. Never rejects: what cannot be kept now is kept a second later, or at the end. */
export async function keepWhileWritten(
  chunks: ReadableStream<UIMessageChunk>,
  keeping: Keeping,
): Promise<void> {
  const over = new AbortController()
  const growing = new TransformStream<UIMessageChunk, UIMessageChunk>()
  const writer = growing.writable.getWriter()
  const grown: { newest: ChatMessage | null } = { newest: null }
  void follow(growing.readable, grown)
  let waiting: UIMessageChunk[] = []
  const saving = saveRepeatedly(keeping, {
    over: over.signal,
    grow: async () => {
      const added = waiting
      waiting = []
      for (const chunk of added) await writer.write(chunk)
      if (added.length === 0) return null
      // The last piece is followed by then, or a second later.
      await pause(0)
      return grown.newest
    },
  })
  try {
    for await (const chunk of chunks) waiting = joined(waiting, chunk)
  } catch (thrown) {
    log('error', 'answer broke off', { thrown })
  }
  over.abort()
  await saving
  await writer.close().catch(() => {})
}

async function saveRepeatedly(
  { save, onStop, every_ms = EVERY_MS }: Keeping,
  { over, grow }: { over: AbortSignal; grow: () => Promise<ChatMessage | null> },
): Promise<void> {
  let dear_until = 0
  let news: ChatMessage | null = null
  while (await pause(every_ms, over)) {
    try {
      news = await grow() ?? news
      const parts = performance.now() >= dear_until ? news?.parts ?? null : null
      const began = performance.now()
      if (!await save(parts)) onStop()
      if (parts === null) continue
      news = null
      dear_until = performance.now() + (performance.now() - began) / SHARE
    } catch (thrown) {
      log('warn', 'an answer could not be kept yet', { thrown })
    }
  }
}

async function follow(
  stream: ReadableStream<UIMessageChunk>,
  grown: { newest: ChatMessage | null },
): Promise<void> {
  // What went wrong is in the answer’s own end.
  const states = readUIMessageStream<ChatMessage>({ stream, onError: () => {} })
  for await (const state of states) grown.newest = state
}

/** Pieces of one text are put together: every piece that is followed costs a copy of the whole. */
function joined(chunks: UIMessageChunk[], next: UIMessageChunk): UIMessageChunk[] {
  const last = chunks.at(-1)
  const both = last && together(last, next)
  return both ? chunks.with(-1, both) : [...chunks, next]
}

function together(last: UIMessageChunk, next: UIMessageChunk): UIMessageChunk | null {
  if (next.type === 'text-delta' && last.type === next.type && last.id === next.id) {
    return { ...last, delta: last.delta + next.delta }
  }
  if (next.type === 'reasoning-delta' && last.type === next.type && last.id === next.id) {
    return { ...last, delta: last.delta + next.delta }
  }
  if (
    next.type === 'tool-input-delta' && last.type === next.type &&
    last.toolCallId === next.toolCallId
  ) return { ...last, inputTextDelta: last.inputTextDelta + next.inputTextDelta }
  return null
}
