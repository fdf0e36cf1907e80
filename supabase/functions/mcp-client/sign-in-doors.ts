// The two doors of a sign-in that need no token of ours: the browser’s way back from an authorization
// server, and the document that says who Astra is. What comes in here was written by strangers.
import type { Context } from 'hono'
import type { App } from './app.ts'
import { sha256 } from './canonical.ts'
import type { Variables } from './http.ts'
import { log } from './log.ts'
import { clientMetadata } from './mcp/oauth.ts'
import { SignInError } from './mcp/oauth-error.ts'
import { finishSignIn, takeSignIn } from './sign-in-finish.ts'

type Door = (c: Context<Variables>) => Response | Promise<Response>

const LONGEST_QUERY = 16_384
const UNKNOWN =
  'This sign-in is not known here, was used already, or is over. Start it again in Astra.'

/**
 * GET /oauth/callback. The whole query string counts: `state` first, then `iss`, `error` and `code`
 * (RFC 6749 §4.1.2, RFC 9207). Goes on to the app with `connected` or `connect_error`.
 */
export function callbackDoor(app: App): Door {
  return async (c) => {
    // The address it came with holds a code: it goes to nobody and stays nowhere.
    c.header('Referrer-Policy', 'no-referrer')
    c.header('Cache-Control', 'no-store')
    c.header('X-Content-Type-Options', 'nosniff')
    // A program that only looks at a link must not use it up.
    if (c.req.raw.method !== 'GET') return c.text('A sign-in comes back with GET.', 405)
    const { search, searchParams } = new URL(c.req.url)
    const state = search.length > LONGEST_QUERY ? null : onlyOne(searchParams, 'state')
    if (state === null || !/^[\w-]{43}$/.test(state)) return c.text(UNKNOWN, 400)
    const taken = await takeSignIn(app, await sha256(state))
    if (!taken) return c.text(UNKNOWN, 400)
    const outcome = await outcomeOf(async () => {
      refuseRepeated(searchParams)
      await finishSignIn(app, taken, searchParams)
    })
    const { server_id, return_to } = taken
    const said: Record<string, string> = outcome === null
      ? { connected: server_id }
      : { connect_error: outcome.reason }
    const way = wayBack(app.settings.webUrl, { return_to, said })
    if (way !== null) return c.redirect(way, 303)
    return outcome === null
      ? c.text('You are signed in. You can go back to Astra.')
      : c.text(`${outcome.message}.`, 400)
  }
}

type Failure = { reason: string; message: string }

async function outcomeOf(work: () => Promise<void>): Promise<Failure | null> {
  try {
    await work()
    return null
  } catch (thrown) {
    if (thrown instanceof SignInError) return thrown
    log('error', 'a sign-in could not be finished', { thrown })
    return { reason: 'internal', message: 'Something went wrong on our side. It has been logged' }
  }
}

/** RFC 6749 §3.1: a parameter that comes twice is a trick. */
function refuseRepeated(params: URLSearchParams): void {
  for (const name of ['code', 'iss', 'error']) {
    if (params.getAll(name).length > 1) throw new SignInError('protocol')
  }
}

function onlyOne(params: URLSearchParams, name: string): string | null {
  const all = params.getAll(name)
  return all.length === 1 ? all[0]! : null
}

/** A page of our own app, whatever `return_to` says; null when nobody told us where the app is. */
export function wayBack(
  base: string | null,
  { return_to, said }: { return_to: string; said: Record<string, string> },
): string | null {
  if (base === null) return null
  const nowhere = 'http://app.invalid'
  const asked = URL.canParse(return_to, nowhere) ? new URL(return_to, nowhere) : null
  const url = new URL(base)
  url.pathname = url.pathname.replace(/\/+$/, '') +
    (asked?.origin === nowhere ? asked.pathname : '/')
  url.search = asked?.origin === nowhere ? asked.search : ''
  for (const [name, value] of Object.entries(said)) url.searchParams.set(name, value)
  return url.href
}

/** GET /oauth/client.json: Astra as its own client document (OAuth Client ID Metadata Document). */
export function clientDocument(app: App): Door {
  return (c) => {
    const { clientMetadataUrl, callbackUrl } = app.settings
    if (clientMetadataUrl === null) return c.notFound()
    c.header('Cache-Control', 'public, max-age=300')
    return c.json({
      client_id: clientMetadataUrl,
      ...clientMetadata(callbackUrl),
      token_endpoint_auth_method: 'none',
    })
  }
}
