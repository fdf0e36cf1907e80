// The chats themselves: which there are, one of them, finding one, and what their person changes about them.
// Row level security decides what is among them: one’s own, and those shared with the team.
import { useCallback } from 'react'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import type { ChatVisibility } from '@shared/chat.ts'
import { copied } from '@/lib/copies.ts'
import { administers } from '@/lib/roles.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import type { Role } from '@shared/team.ts'
import { useTools } from './queries.ts'
import { readableTitle } from './slash.ts'

export type ChatRow = {
  id: string
  title: string
  updated_at: string
  /** Who began it; null where that account is gone. */
  user_id: string | null
  visibility: ChatVisibility
  archived_at: string | null
}

/** What the list shows: all that is not archived, a part of it, or what is. */
export type Shown = 'all' | ChatVisibility | 'archived'

export const mostChats = 200
/** Chats of others begin and move while one looks. */
const lookEveryMs = 30_000
const columns = 'id, title, updated_at, user_id, visibility, archived_at'

export function chatsQuery(team_id: string, shown: Shown) {
  return queryOptions({
    queryKey: ['team', team_id, 'chats', shown],
    meta: copied,
    queryFn: () => {
      let query = supabase().from('astra_chats').select(columns).eq('team_id', team_id)
      if (shown === 'private' || shown === 'team') query = query.eq('visibility', shown)
      query = shown === 'archived'
        ? query.not('archived_at', 'is', null)
        : query.is('archived_at', null)
      return rows<ChatRow[]>(query.order('updated_at', { ascending: false }).limit(mostChats))
    },
    refetchInterval: lookEveryMs,
  })
}

/** Newest first, under names a person reads. */
export function useChats(team_id: string, shown: Shown = 'all') {
  const tools = useTools(team_id)
  const select = useCallback(
    (chats: ChatRow[]) =>
      chats.map((chat) => ({ ...chat, title: readableTitle(chat.title, tools) })),
    [tools],
  )
  return useQuery({ ...chatsQuery(team_id, shown), select })
}

/** `gone`: it was there and is no longer, or is no longer theirs to see. */
export type OneChat = { chat: ChatRow | null; gone: boolean }

export function oneChatKey(team_id: string, chat_id: string) {
  return ['team', team_id, 'chats', 'one', chat_id]
}

export function useChat(team_id: string, chat_id: string | undefined) {
  const tools = useTools(team_id)
  const { data } = useQuery({
    queryKey: oneChatKey(team_id, chat_id ?? 'none'),
    meta: copied,
    queryFn: async ({ client, queryKey }): Promise<OneChat> => {
      const [chat] = await rows<ChatRow[]>(
        supabase().from('astra_chats').select(columns).eq('team_id', team_id).eq('id', chat_id!),
      )
      // After the answer: a copy that was kept on this device may have come meanwhile.
      const before = client.getQueryData<OneChat>(queryKey)
      const known = before !== undefined && (before.gone || before.chat !== null)
      return { chat: chat ?? null, gone: chat === undefined && known }
    },
    enabled: chat_id !== undefined,
    refetchInterval: lookEveryMs,
  })
  const chat = data?.chat ?? null
  return {
    chat: chat && { ...chat, title: readableTitle(chat.title, tools) },
    gone: data?.gone ?? false,
  }
}

export type FoundChat = {
  chat_id: string
  message_id: string | null
  title: string
  visibility: ChatVisibility
  archived_at: string | null
  excerpt: string | null
  found_at: string
}

export function foundQuery(team_id: string, typed: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'chats', 'found', typed],
    queryFn: () =>
      rows<FoundChat[]>(supabase().rpc('search_chats', { p_team_id: team_id, p_query: typed })),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  })
}

export type ChatChange = Partial<Pick<ChatRow, 'title' | 'visibility' | 'archived_at'>>

export async function changeChat(
  team_id: string,
  { id, ...change }: ChatChange & { id: string },
): Promise<void> {
  await rows(
    supabase().from('astra_chats').update(change).eq('team_id', team_id).eq('id', id)
      .select('id').single(),
  )
}

export async function deleteChat(team_id: string, chat_id: string): Promise<void> {
  await rows(supabase().from('astra_chats').delete().eq('team_id', team_id).eq('id', chat_id))
}

/** What this person may do with a chat; nobody but its own person makes it private. */
export function rightsTo(
  chat: Pick<ChatRow, 'user_id' | 'visibility'>,
  me: { user_id: string; role: Role },
): { change: boolean; share: boolean } {
  const own = chat.user_id === me.user_id
  return { change: own || (chat.visibility === 'team' && administers(me.role)), share: own }
}
