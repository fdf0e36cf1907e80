// Health checks: every endpoint of an active server is asked for a sign of life about once a minute, with the
// team’s credential and nobody else’s. No tool is called and no execution recorded.
import type { App } from './app.ts'
import { type EndpointSeen, noteEndpoint } from './connection-status.ts'
import type { AccountPlace, SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { log } from './log.ts'
import { judgeAddress } from './mcp/address.ts'
import { UpstreamError } from './mcp/upstream.ts'
import { pause } from './pause.ts'
import { type Reached, ready, type ServerRow, upstreamOf } from './upstream-of.ts'

/** An endpoint whose check is due, claimed by us. */
type Due = {
  team_id: string
  server_id: string
  url: string
  server_type: ServerRow['server_type']
  config: ServerRow['config']
  protocol: ServerRow['protocol']
  encrypted_value: string | null
  key_version: number | null
}

const AT_ONCE = 8
/** No check begins later than this, so that the last one is over within the tick. */
const BEGIN_MS = 10_000
/** How long opening a credential may take: its token may have to be renewed first. */
const OPEN_MS = 4_000
const ANSWER_MS = 10_000

/** Checks what is due, a few at once, for a bounded time. Gives how many it reached for. */
export async function checkDue(app: App): Promise<number> {
  const until = performance.now() + BEGIN_MS
  const next = claiming(app)
  let checked = 0
  const goThrough = async () => {
    while (performance.now() < until) {
      const due = await next()
      if (!due) return
      if (await check(app, due)) checked++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, goThrough))
  return checked
}

/** Gives one due endpoint at a time, claimed as many at once as are worked on; null when there is no more. */
function claiming(app: App): () => Promise<Due | null> {
  const claimed: Due[] = []
  let claim: Promise<void> | null = null
  let isOver = false
  const more = async () => {
    const due = await read<Due[]>(app.db.service.rpc('due_checks', { p_limit: AT_ONCE }))
    claimed.push(...due)
    isOver = due.length < AT_ONCE
    claim = null
  }
  return async () => {
    while (claimed.length === 0 && !isOver) await (claim ??= more())
    return claimed.shift() ?? null
  }
}

/** False for an address that is refused: nobody reaches for it. One failed check is no reason to skip the rest. */
async function check(app: App, due: Due): Promise<boolean> {
  const { server_id, url } = due
  if (!judgeAddress(url, app.settings.allowedPrivateHosts).allowed) return false
  try {
    await noteEndpoint(app, { server_id, url, ...await look(app, due), checked: true })
  } catch (thrown) {
    log('error', 'an endpoint could not be checked', { server_id, thrown })
  }
  return true
}

async function look(app: App, due: Due): Promise<EndpointSeen> {
  const { opened, place } = await openFor(app, due)
  const { upstream } = opened?.ok ? opened : ready(place, null)
  const began = performance.now()
  const failed = await app.connections.ping(upstream, { max_ms: ANSWER_MS, in_passing: true })
    .then(() => null, asUpstreamError)
  const latency_ms = Math.round(performance.now() - began)
  const seen = judge(failed, due.encrypted_value !== null)
  if (seen.answered && !opened?.ok) {
    const error = opened?.message ?? 'Its token could not be renewed in time'
    return { answered: true, error, latency_ms }
  }
  return { ...seen, ...(seen.answered && { latency_ms }) }
}

async function openFor(app: App, due: Due) {
  const { team_id, server_id, url, server_type, config, protocol } = due
  const server: ServerRow = { id: server_id, server_type, config, protocol, endpoint: url }
  const account: AccountPlace = { team_id, server_id, user_id: null }
  const place = { account, server }
  const opening = upstreamOf(app, { ...place, credential: sealedIn(due) })
  const over = new AbortController()
  const late = pause(OPEN_MS, over.signal).then(() => null)
  // What is being renewed is brought home all the same.
  const opened: Reached | null = await Promise.race([opening, late]).finally(() => over.abort())
  return { place, opened }
}

function sealedIn({ encrypted_value, key_version }: Due): SealedCredential | null {
  return encrypted_value === null || key_version === null ? null : { encrypted_value, key_version }
}

/** What a failed sign of life says. Any answer is one, even a refusal. */
function judge(failed: UpstreamError | null, hasCredential: boolean): EndpointSeen {
  if (!failed) return { answered: true, error: null }
  const { reason, spoken, message } = failed
  switch (reason) {
    case 'unauthorized':
      // Without a credential of the team's this is how a server answers that wants people's own.
      return { answered: true, error: hasCredential ? message : null }
    case 'protocol':
      return { answered: true, error: spoken ? null : message }
    case 'too_large':
    case 'address_refused':
      return { answered: true, error: message }
    case 'unreachable':
    case 'timeout':
    case 'cancelled':
      return { answered: false, error: message }
  }
}

function asUpstreamError(thrown: unknown): UpstreamError {
  if (thrown instanceof UpstreamError) return thrown
  throw thrown
}
