// The one Supabase client. Where it points is read from the build, or else from `/astra.json` of the origin that served the app.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { watchedFetch } from './reach.ts'

type Address = { supabase_url: string; publishable_key: string }

let client: SupabaseClient | null = null
let address: Address | null = null

/** Must have ended before anything else here is used. Throws where no address can be had. */
export async function connectSupabase(): Promise<void> {
  address = builtIn() ?? await served()
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
  return `${address.supabase_url}/functions/v1/mcp-client`
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

function builtIn(): Address | null {
  const supabase_url = import.meta.env.VITE_SUPABASE_URL as string | undefined
  const publishable_key = import.meta.env.VITE_SUPABASE_PUBLISHABLE_KEY as string | undefined
  if (!supabase_url || !publishable_key) return null
  return { supabase_url: supabase_url.replace(/\/+$/, ''), publishable_key }
}

async function served(): Promise<Address> {
  const response = await fetch('/astra.json', { cache: 'no-cache' })
  if (!response.ok) throw new Error(`Astra’s address could not be read (${response.status}).`)
  const body: unknown = await response.json()
  if (!isAddress(body)) throw new Error('Astra’s address could not be read.')
  return { ...body, supabase_url: body.supabase_url.replace(/\/+$/, '') }
}

function isAddress(body: unknown): body is Address {
  return typeof body === 'object' && body !== null &&
    'supabase_url' in body && typeof body.supabase_url === 'string' &&
    'publishable_key' in body && typeof body.publishable_key === 'string'
}
