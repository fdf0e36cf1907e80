// Conversations that are open in this tab. They outlive their screen, so an answer keeps arriving while one looks elsewhere.
import { Chat } from '@ai-sdk/react'
import { DefaultChatTransport } from 'ai'
import type { ChatRequest } from '@shared/chat.ts'
import { CallError, callError } from '@/lib/call.ts'
import { forgetCopiesOf } from '@/lib/copies.ts'
import { queryClient } from '@/lib/query-client.ts'
import { watchedFetch } from '@/lib/reach.ts'
import { functionHeaders, functionUrl, supabase } from '@/lib/supabase.ts'
import { uuid } from '@/lib/uuid.ts'
import { beginsFor, forgetBegins } from './begins.ts'
import type { ChatMessage } from './chat-message.ts'
import { forgetUnsent } from './drafts.ts'

const live = new Map<string, Chat<ChatMessage>>()
/** Of each open conversation, the messages that the database has had. */
const had = new Map<string, Set<string>>()

export function hadInDatabase(chat_id: string): Set<string> {
  const known = had.get(chat_id) ?? new Set()
  had.set(chat_id, known)
  return known
}

/** The open conversation, or a new one without messages. */
export function liveChat(team_id: string, chat_id: string): Chat<ChatMessage> {
  const open = live.get(chat_id)
  if (open) return open
  if (live.size === 0) forgetOnSignOut()
  const chat = new Chat<ChatMessage>({
    id: chat_id,
    generateId: uuid,
    transport: transport(team_id, chat_id),
    onFinish: () => {
      for (const changed of ['chats', 'waits']) {
        void queryClient.invalidateQueries({ queryKey: ['team', team_id, changed] })
      }
    },
  })
  live.set(chat_id, chat)
  return chat
}

function closeChat(chat_id: string): void {
  void live.get(chat_id)?.stop()
  live.delete(chat_id)
  had.delete(chat_id)
}

/** It is deleted, or no longer theirs to see: nothing of it stays open, in memory or on the device. */
export function forgetChat(team_id: string, chat_id: string): void {
  closeChat(chat_id)
  queryClient.removeQueries({ queryKey: ['team', team_id, 'chat', chat_id] })
  // Its title goes from the list, and with that from the list’s copy.
  void queryClient.invalidateQueries({ queryKey: ['team', team_id, 'chats'] })
  void forgetCopiesOf(chat_id)
}

function forgetOnSignOut() {
  let person: string | null = null
  const { data } = supabase().auth.onAuthStateChange((event, session) => {
    const now = session?.user.id ?? person
    const same = person === null || now === person
    person = now
    if (event !== 'SIGNED_OUT' && same) return
    for (const chat_id of live.keys()) closeChat(chat_id)
    data.subscription.unsubscribe()
  })
}

/** Sends the newest message only: history is the database's. */
function transport(team_id: string, chat_id: string) {
  return new DefaultChatTransport<ChatMessage>({
    api: `${functionUrl()}/chat`,
    headers: functionHeaders,
    fetch: async (input, init) => {
      const response = await fetchTurn(input, init)
      // From here on the database has the message, however the answer ends.
      forgetUnsent(chat_id)
      forgetBegins(chat_id)
      void queryClient.invalidateQueries({ queryKey: ['team', team_id, 'chats'] })
      return response
    },
    prepareSendMessagesRequest: ({ id, messages, headers, body }) => ({
      headers,
      body: { ...chatRequestBody({ team_id, chat_id: id, messages }), ...body },
    }),
  })
}

export function chatRequestBody(
  { team_id, chat_id, messages }: { team_id: string; chat_id: string; messages: ChatMessage[] },
) {
  const message = messages.findLast(({ role }) => role === 'user')
  if (!message) throw new Error('There is no message to send.')
  const parts = message.parts.flatMap((part): ChatRequest['message']['parts'] => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }]
    if (part.type !== 'file') return []
    const { type, filename = 'file', mediaType, url } = part
    return [{ type, filename, mediaType, url }]
  })
  const visibility = beginsFor(chat_id)
  const replaces = message.metadata?.replaces
  return {
    team_id,
    chat_id,
    ...(visibility === 'team' && { visibility }),
    ...replaces === undefined ? {} : { replaces },
    message: { id: message.id, role: 'user' as const, parts },
  }
}

/** Refusals become the sentence the function gave; silence becomes one of ours. */
async function fetchTurn(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await watchedFetch(input, init)
  } catch (cause) {
    if (init?.signal?.aborted) throw cause
    throw new CallError('unreachable', 'Astra could not be reached.')
  }
  if (response.ok) return response
  throw callError(response.status, await response.json().catch(() => null))
}
