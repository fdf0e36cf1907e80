// Tries a server step by step (`test_server`) and names the first step that fails, in our words.
import type { TestStep } from '../../../../shared/server.ts'
import { judgeAddress } from './address.ts'
import type { Listing, ProbeReport } from './connection.ts'
import { upstreamFailure } from './failure.ts'
import type { NameCheck } from './names.ts'
import { type StoredProtocol, type Upstream, UpstreamError } from './upstream.ts'

type Means = {
  allowed_private_hosts: string[]
  check_name: NameCheck
  list: () => Promise<Listing>
}

const order: TestStep['step'][] = ['address', 'connect', 'sign_in', 'list_tools']

/** Never throws `UpstreamError`: the report carries it. */
export async function probeSteps(upstream: Upstream, means: Means): Promise<ProbeReport> {
  const steps: TestStep[] = []
  const pass = (step: TestStep['step'], message: string, duration_ms: number) =>
    steps.push({ step, outcome: 'passed', message, duration_ms })
  let started = performance.now()
  const elapsed = () => Math.round(performance.now() - started)
  try {
    await checkAddress(upstream.url, means)
    pass('address', 'The address may be used', elapsed())
    started = performance.now()
    const listing = await means.list()
    pass('connect', `Connected: ${spoken(listing.protocol)}`, elapsed())
    pass('sign_in', signedIn(upstream), 0)
    pass('list_tools', counted(listing.tools.length), 0)
    return { steps, tools_found: listing.tools.length, protocol: listing.protocol, error: null }
  } catch (error) {
    const failure = upstreamFailure(error, { calling: false })
    fail(steps, { failure, duration_ms: elapsed() })
    return { steps, tools_found: 0, protocol: null, error: failure }
  }
}

async function checkAddress(url: string, means: Means): Promise<void> {
  const verdict = judgeAddress(url, means.allowed_private_hosts)
  if (!verdict.allowed) throw new UpstreamError('address_refused', verdict.message)
  if (!verdict.listed && !verdict.literal) await means.check_name(verdict.url.hostname)
}

function fail(steps: TestStep[], at: { failure: UpstreamError; duration_ms: number }) {
  const { failure, duration_ms } = at
  if (steps.length > 0 && failure.reason === 'unauthorized') {
    steps.push({ step: 'connect', outcome: 'passed', message: 'The server answers', duration_ms })
  }
  steps.push({
    step: order[steps.length] ?? 'list_tools',
    outcome: 'failed',
    message: failure.message,
    duration_ms: steps.length > 1 ? 0 : duration_ms,
  })
  for (const step of order.slice(steps.length)) {
    steps.push({ step, outcome: 'skipped', message: 'Not tried', duration_ms: 0 })
  }
}

function spoken(protocol: StoredProtocol): string {
  const transport = protocol.transport === 'sse' ? 'legacy SSE' : 'streamable HTTP'
  return `${transport}, protocol ${protocol.protocol_version}`
}

function signedIn(upstream: Upstream): string {
  return Object.keys(upstream.headers).length > 0
    ? 'The server accepted the credential'
    : 'The server asks for no credential'
}

function counted(tools: number): string {
  return tools === 1 ? '1 tool found' : `${tools} tools found`
}
