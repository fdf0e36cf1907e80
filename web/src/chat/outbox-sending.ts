// Sends what waits in the outbox: each message once, in order within its chat, the next when the answer to the
// one before has ended, and from one tab of this device only.
import { CallError } from '@/lib/call.ts'
import { queryClient } from '@/lib/query-client.ts'
import { isOnline } from '@/lib/reach.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import { liveChat } from './live-chats.ts'
import {
  dequeue,
  hold,
  loadOutbox,
  markRefused,
  type Queued,
  queuedNow,
  stillQueued,
} from './outbox.ts'
import { asMessage, without } from './reconcile.ts'

/** What says nothing about the message itself: it goes on waiting. */
const notItsFault = new Set(['unreachable', 'unavailable', 'unauthenticated', 'rate_limited'])
const [shortestMs, longestMs] = [2_000, 5 * 60_000]
const answersAtMostMs = 5 * 60_000

const sending = new Set<string>()
let timer: ReturnType<typeof setTimeout> | null = null
let pauseMs = shortestMs

/** Sends what can be sent now. Called when that may have changed: at the start, back online, something queued. */
export async function sendQueued(): Promise<void> {
  if (timer) clearTimeout(timer)
  timer = null
  await loadOutbox()
  const chats = new Set(queuedNow().map(({ chat_id }) => chat_id))
  await Promise.all([...chats].filter((chat_id) => !sending.has(chat_id)).map(sendChat))
}

async function sendChat(chat_id: string): Promise<void> {
  sending.add(chat_id)
  const release = await hold(`chat.${chat_id}`, { wait: true })
  try {
    // Another tab may have sent some while this one waited its turn.
    await loadOutbox()
    for (;;) {
      const next = queuedNow().find((one) => one.chat_id === chat_id)
      if (!next || next.refused || !isOnline()) return
      if (!await sendOne(next)) return
    }
  } finally {
    release?.()
    sending.delete(chat_id)
  }
}

/** True when the next one may go. */
async function sendOne({ id }: Queued): Promise<boolean> {
  // Its person may be changing it at this moment: it goes when they are done.
  const release = await hold(id, { wait: true })
  let message: Queued | null
  try {
    message = await stillQueued(id)
    if (!message) {
      await dequeue(id)
      return true
    }
    if (message.refused || !isOnline()) return false
    return await deliver(message)
  } finally {
    release?.()
  }
}

/** Ends with the answer. An answer that has begun means that Astra has the message, however it ends. */
async function deliver(message: Queued): Promise<boolean> {
  const { id, team_id, chat_id, written } = message
  const chat = liveChat(team_id, chat_id)
  if (chat.status === 'submitted' || chat.status === 'streaming' || await isAnswering(message)) {
    return retryLater()
  }
  chat.messages = without(chat.messages, { id })
  await chat.sendMessage(asMessage(written))
  const { error } = chat
  if (chat.lastMessage?.id !== id) return await done(message)
  chat.messages = without(chat.messages, { id })
  chat.clearError()
  if (await isThere(id)) return await done(message)
  const code = error instanceof CallError ? error.code : 'internal'
  if (notItsFault.has(code) || !isOnline()) return retryLater()
  await markRefused(id, error?.message ?? 'You stopped it before it left.')
  return false
}

async function done({ id, team_id, chat_id }: Queued): Promise<true> {
  await dequeue(id)
  pauseMs = shortestMs
  for (const changed of [['chats'], ['chat', chat_id]]) {
    void queryClient.invalidateQueries({ queryKey: ['team', team_id, ...changed] })
  }
  return true
}

/** Another screen’s question is answered first; one that was given up long ago holds up nobody. */
async function isAnswering({ team_id, chat_id, begins }: Queued): Promise<boolean> {
  if (begins) return false
  const since = new Date(Date.now() - answersAtMostMs).toISOString()
  const found = await rows<unknown[]>(
    supabase().from('astra_messages').select('id').eq('team_id', team_id).eq('chat_id', chat_id)
      .eq('status', 'streaming').gte('created_at', since).limit(1),
  ).catch(() => [])
  return found.length > 0
}

/** The answer to the first try was lost on the way. */
async function isThere(message_id: string): Promise<boolean> {
  const found = await rows<unknown[]>(
    supabase().from('astra_messages').select('id').eq('id', message_id),
  ).catch(() => [])
  return found.length > 0
}

function retryLater(): false {
  timer ??= setTimeout(() => void sendQueued(), pauseMs)
  pauseMs = Math.min(pauseMs * 2, longestMs)
  return false
}
