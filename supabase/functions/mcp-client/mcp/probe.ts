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
  list: (onConnected: (protocol: StoredProtocol) => void) => Promise<Listing>
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
    const listing = await means.list((protocol) => {
      pass('connect', `Connected: ${spoken(protocol)}`, elapsed())
      started = performance.now()
    })
    pass('sign_in', signedIn(upstream), 0)
    pass('list_tools', counted(listing.tools.length), elapsed())
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

/** Whether the server takes the credential shows only when it is asked for something. */
function fail(steps: TestStep[], at: { failure: UpstreamError; duration_ms: number }) {
  const { failure, duration_ms } = at
  const add = (outcome: TestStep['outcome'], message: string, ms = 0) => {
    const step = order[steps.length]
    if (step) steps.push({ step, outcome, message, duration_ms: ms })
  }
  if (steps.length === 1 && failure.reason === 'unauthorized') add('passed', 'The server answers')
  if (steps.length === 2 && failure.reason !== 'unauthorized') add('passed', 'The server let us in')
  add('failed', failure.message, duration_ms)
  while (steps.length < order.length) add('skipped', 'Not tried')
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
