// The one Supabase client, and who its requests are from.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { type Address, findAddress, functionAt } from './address.ts'
import { watchedFetch } from './reach.ts'

let client: SupabaseClient | null = null
let address: Address | null = null

/** Must have ended before anything else here is used. Throws where no address can be had. */
export async function connectSupabase(): Promise<void> {
  address = await findAddress()
  client = createClient(address.supabase_url, address.publishable_key, {
    auth: { storageKey: 'astra.session', detectSessionInUrl: true, persistSession: true },
    global: { fetch: watchedFetch },
    // Reads are tried again by the query client, which knows when that is pointless.
    db: { retry: false },
  })
}

export function supabase(): SupabaseClient {
  if (!client) throw new Error('connectSupabase() has not been awaited')
  return client
}

/** Address of the edge function, without a slash at its end. */
export function functionUrl(): string {
  if (!address) throw new Error('connectSupabase() has not been awaited')
  return functionAt(address)
}

/** Headers for the edge function, as the person who is signed in. */
export async function functionHeaders(): Promise<Record<string, string>> {
  if (!address) throw new Error('connectSupabase() has not been awaited')
  const { data } = await supabase().auth.getSession()
  return {
    apikey: address.publishable_key,
    ...(data.session && { authorization: `Bearer ${data.session.access_token}` }),
  }
}
