// Where Astra is: read from the build, or else from `/astra.json` of the origin that served the app. The page and
// its service worker both ask here.

export type Address = { supabase_url: string; publishable_key: string }

/** Throws where no address can be had. */
export async function findAddress(): Promise<Address> {
  return builtIn() ?? await served()
}

/** Address of the edge function, without a slash at its end. */
export const functionAt = ({ supabase_url }: Address) => `${supabase_url}/functions/v1/mcp-client`

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
