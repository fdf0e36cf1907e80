// Endpoints as the edge function deals with them: taken for a call, noted after one, claimed for a check.
import assert from 'node:assert/strict'
import type { Run } from '../../../scripts/stack/database.ts'
import { begin } from './calls.ts'
import type { Ground } from './ground.ts'
import type { Office } from './people.ts'

export const A = 'https://upstream.test/mcp'
export const B = 'https://upstream.test/second'
export const C = 'https://third.test/mcp'

export type Endpoint = {
  url: string
  status: string
  failures: number
  rests: number
  trying: boolean
  checked: boolean
  latency_ms: number | null
  last_error: string | null
  /** Seconds until a call may go there. */
  rests_for: number | null
  /** Seconds until it is checked. */
  check_in: number
}

/** A server's endpoints, the main one first. */
export function endpointsOf(ground: Ground, server_id: string): Promise<Endpoint[]> {
  return ground.run<Endpoint>(
    `select url, status, failures, rests, tried_by is not null as trying, checked_at is not null as checked, latency_ms, last_error,
      round(extract(epoch from rests_until - now()))::integer as rests_for,
      round(extract(epoch from check_at - now()))::integer as check_in
    from public.mcp_endpoints where server_id = $1 order by position`,
    [server_id],
  )
}

export async function endpointOf(ground: Ground, server_id: string, url = A): Promise<Endpoint> {
  return (await endpointsOf(ground, server_id)).find((one) => one.url === url)!
}

/** Its addresses from now on, as an admin's change leaves them. */
export async function setAddresses(
  ground: Ground,
  server_id: string,
  [url, ...replicas]: string[],
): Promise<void> {
  await ground.as('service_role')('update public.mcp_servers set config = $2 where id = $1', [
    server_id,
    { url, ...(replicas.length > 0 ? { replicas } : {}) },
  ])
}

export type Place = { endpoints?: string[]; rests_for?: number }

export async function takeOn(run: Run, server_id: string): Promise<Place> {
  const [row] = await run<{ place: Place }>('select private.take_endpoint($1, $2) as place', [
    server_id,
    crypto.randomUUID(),
  ])
  return row!.place
}

export function take(ground: Ground, server_id: string): Promise<Place> {
  return takeOn(ground.as('service_role'), server_id)
}

export type Seen = {
  url?: string
  error?: string | null
  latency_ms?: number | null
  checked?: boolean
  answered?: boolean
  /** How often. */
  times?: number
}

/** How reaching an endpoint went. */
export async function note(ground: Ground, server_id: string, seen: Seen = {}): Promise<void> {
  const { url = A, error = null, latency_ms = null, checked = false, answered = false } = seen
  for (let left = seen.times ?? 1; left > 0; left--) {
    await ground.as('service_role')('select public.note_endpoint($1, $2, $3, $4, $5, $6)', [
      server_id,
      url,
      error,
      latency_ms,
      checked,
      answered,
    ])
  }
}

export const broken = { error: 'The server could not be reached' }

/** Seconds until something, on a machine that may be busy: no more than said, and hardly less. */
export function about(seconds: number | null | undefined, expected: number): void {
  assert.ok(
    typeof seconds === 'number' && seconds <= expected && seconds > expected - 12,
    `${seconds} seconds instead of ${expected}`,
  )
}

/** Makes the rest of an endpoint be over, as if time had passed. */
export async function endRest(ground: Ground, server_id: string): Promise<void> {
  await ground.run(
    `update public.mcp_endpoints set rests_until = now() - interval '1 second'
    where server_id = $1 and rests_until is not null`,
    [server_id],
  )
}

export type Due = { server_id: string; url: string; encrypted_value: string | null }

/** Claims what is due. */
export function dueOn(run: Run, limit = 100): Promise<Due[]> {
  return run<Due>('select * from public.due_checks($1)', [limit])
}

/** Lets nothing be due but what a sentence adds from here on. */
export async function nothingDue(ground: Ground): Promise<void> {
  await ground.run(`update public.mcp_endpoints set check_at = now() + interval '1 day'`, [])
}

/** One try of a call: where, and how it failed. */
export type Try = [url: string, error_code?: string, sent?: boolean]

/** A whole call that was tried so, ending as its last try did. */
export async function callTried(ground: Ground, office: Office, tries: Try[]): Promise<void> {
  const { execution_id } = await begin(ground, office)
  await finishTried(ground, execution_id!, tries)
}

export async function finishTried(
  ground: Ground,
  execution_id: string,
  tries: Try[],
): Promise<void> {
  const code = tries.at(-1)?.[1] ?? null
  const attempts = tries.map(([endpoint, error_code = null, sent]) => ({
    endpoint,
    sent,
    error_code,
    error_message: error_code && `ended as ${error_code}`,
  }))
  await ground.as('service_role')(
    `select public.finish_execution(p_execution_id => $1, p_status => $2, p_duration_ms => 1,
      p_error_code => $3, p_error_message => $3, p_attempts => $4)`,
    [
      execution_id,
      code === null ? 'success' : code === 'timeout' ? 'timeout' : 'error',
      code,
      attempts.length > 0 ? attempts : null,
    ],
  )
}
