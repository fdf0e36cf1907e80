// A chat’s messages page by page: the newest when it is opened, older ones when a reader goes up to them.
import { infiniteQueryOptions } from '@tanstack/react-query'
import { copied } from '@/lib/copies.ts'
import { flattened, lastOfFull, upTo } from '@/lib/keyset.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import type { MessageRow } from './queries.ts'

export const pageLength = 30
/** Few enough to be drawn between two looks of a scrolling reader. */
const olderLength = 20
/** Of what has arrived since the chat was opened here. */
const mostSince = 500

/** Where each chat’s newest page began when it was first read here: it grows at its end, and loses nothing at its beginning. */
const beginnings = new Map<string, string>()

const columns = 'id, role, parts, metadata, status, created_at, user_id, answers, waits'

function messages(team_id: string, chat_id: string) {
  return supabase().from('astra_messages').select(columns)
    .eq('team_id', team_id).eq('chat_id', chat_id).is('superseded_at', null)
}

/** The newest few, oldest first. */
export async function newestMessages(
  { team_id, chat_id, limit }: { team_id: string; chat_id: string; limit: number },
): Promise<MessageRow[]> {
  return inOrder(
    await rows<MessageRow[]>(
      messages(team_id, chat_id).order('created_at', { ascending: false })
        .order('id', { ascending: false }).limit(limit),
    ),
  )
}

/** A chat’s newest page, oldest first; after the first look, all since then. */
export async function readNewest(team_id: string, chat_id: string): Promise<MessageRow[]> {
  const beginning = beginnings.get(chat_id)
  const wanted = messages(team_id, chat_id)
  const found = inOrder(
    await rows<MessageRow[]>(
      (beginning ? wanted.gte('created_at', beginning) : wanted)
        .order('created_at', { ascending: false }).order('id', { ascending: false })
        .limit(beginning ? mostSince : pageLength),
    ),
  )
  if (found[0] && (!beginning || found.length === mostSince)) {
    beginnings.set(chat_id, found[0].created_at)
  }
  return found
}

/** What was said before `end`, a page at a time. */
export function olderQuery(team_id: string, { chat_id, end }: { chat_id: string; end: string }) {
  return infiniteQueryOptions({
    queryKey: ['team', team_id, 'chat', chat_id, 'older', end],
    meta: copied,
    queryFn: ({ pageParam }) =>
      rows<MessageRow[]>(
        messages(team_id, chat_id).lte('created_at', upTo(pageParam))
          .order('created_at', { ascending: false }).order('id', { ascending: false })
          .limit(olderLength),
      ),
    initialPageParam: end,
    getNextPageParam: (_, pages) => lastOfFull(pages, olderLength)?.created_at ?? null,
    select: eachInOrder,
    // A thousand messages are not compared with themselves for every page that joins them.
    structuralSharing: false,
    staleTime: Infinity,
  })
}

function eachInOrder({ pages }: { pages: MessageRow[][] }): MessageRow[] {
  return inOrder(flattened(pages))
}

/** A question and its answer are stored together: where they bear the same moment, the question is first. */
function inOrder(messages: MessageRow[]): MessageRow[] {
  return messages.toSorted((a, b) =>
    Date.parse(a.created_at) - Date.parse(b.created_at) || b.role.localeCompare(a.role)
  )
}
