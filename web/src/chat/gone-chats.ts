// Chats that are gone for this person, deleted or no longer shared, leave nothing on the device: not even where
// nobody opens them again to find out.
import { copiedChats, forgetCopiesOf } from '@/lib/copies.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'

/** As many ids as an address holds. */
const atOnce = 50

/** Asks of which chats something is kept here without being theirs to read any more. Throws CallError. */
export async function forgetGoneChats(team_id: string): Promise<void> {
  const kept = await copiedChats(team_id)
  for (let from = 0; from < kept.length; from += atOnce) {
    const ids = kept.slice(from, from + atOnce)
    const found = await rows<{ id: string }[]>(
      supabase().from('astra_chats').select('id').eq('team_id', team_id).in('id', ids),
    )
    const there = new Set(found.map(({ id }) => id))
    for (const id of ids) if (!there.has(id)) await forgetCopiesOf(id)
  }
}
