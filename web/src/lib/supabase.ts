// The one client of Auth and of the Data API, and who its requests are from. Of Supabase’s client the two parts
// that are used: realtime, storage and the rest of it would be a third of what a phone loads first.
import { AuthClient } from '@supabase/auth-js'
import { PostgrestClient } from '@supabase/postgrest-js'
import { type Address, findAddress, functionAt } from './address.ts'
import { watchedFetch } from './reach.ts'

type Client = PostgrestClient & { auth: InstanceType<typeof AuthClient> }

let client: Client | null = null
let address: Address | null = null

/** Must have ended before anything else here is used. Throws where no address can be had. */
export async function connectSupabase(): Promise<void> {
  address = await findAddress()
  const { supabase_url, publishable_key: apikey } = address
  const auth = new AuthClient({
    url: `${supabase_url}/auth/v1`,
    headers: { apikey },
    fetch: watchedFetch,
    storageKey: 'astra.session',
  })
  const data = new PostgrestClient(`${supabase_url}/rest/v1`, {
    headers: { apikey },
    fetch: async (input, init) => watchedFetch(input, { ...init, headers: await signed(init) }),
    // Reads are tried again by the query client, which knows when that is pointless.
    retry: false,
  })
  client = Object.assign(data, { auth })
}

async function signed(init?: RequestInit): Promise<Headers> {
  const headers = new Headers(init?.headers)
  const { data } = await supabase().auth.getSession()
  if (data.session) headers.set('authorization', `Bearer ${data.session.access_token}`)
  return headers
}

export function supabase(): Client {
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
