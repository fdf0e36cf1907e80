// Tries a server step by step (`test_server`), tells each step as it ends, and stops at the first that
// fails, named in our words. What one call costs is tried by the layer above.
import { type TestStep, testStep } from '../../../../shared/server.ts'
import { judgeAddress } from './address.ts'
import { adviceFor } from './advice.ts'
import type { Listing, ProbeReport } from './connection.ts'
import { upstreamFailure } from './failure.ts'
import type { NameCheck } from './names.ts'
import { type StoredProtocol, type Upstream, UpstreamError } from './upstream.ts'

/** What is heard of a listing on its way. */
export type ListingWatch = {
  onAnswer: () => void
  onConnected: (protocol: StoredProtocol) => void
}
type Means = {
  allowed_private_hosts: string[]
  check_name: NameCheck
  list: (watch: ListingWatch) => Promise<Listing>
  onStep?: (step: TestStep) => void
}
type Step = TestStep['step']

const order = testStep.shape.step.options.filter((step) => step !== 'safe_call')

/** Never throws `UpstreamError`: the report carries it. */
export async function probeSteps(upstream: Upstream, means: Means): Promise<ProbeReport> {
  const told = new Told(means.onStep)
  try {
    told.pass(await resolved(upstream.url, means))
    if (!upstream.url.startsWith('https:')) told.pass('No TLS: the operator lists this host')
    const listing = await means.list({
      onAnswer: () => told.next === 'tls' && told.pass('TLS certificate valid'),
      onConnected: (protocol) => {
        told.pass(transportInWords(upstream, protocol))
        told.pass(eraInWords(protocol))
      },
    })
    told.pass(signedIn(upstream))
    told.pass(counted(listing))
    const { protocol, tools } = listing
    return { steps: told.steps, tools_found: tools.length, protocol, error: null }
  } catch (thrown) {
    const error = upstreamFailure(thrown, { calling: false })
    conclude(told, error)
    return { steps: told.steps, tools_found: 0, protocol: null, error }
  }
}

class Told {
  readonly steps: TestStep[] = []
  #since = performance.now()

  constructor(readonly onStep: Means['onStep']) {}

  get next(): Step | undefined {
    return order[this.steps.length]
  }

  pass(message: string): void {
    this.#tell('passed', message)
  }

  skip(message: string): void {
    this.#tell('skipped', message)
  }

  fail(error: UpstreamError): void {
    this.#tell('failed', error.message, this.next ? adviceFor(this.next, error) : null)
  }

  #tell(outcome: TestStep['outcome'], message: string, advice: string | null = null): void {
    if (!this.next) return
    const now = performance.now()
    const duration_ms = outcome === 'skipped' ? 0 : Math.round(now - this.#since)
    this.#since = now
    const step = { step: this.next, outcome, message, advice, duration_ms }
    this.steps.push(step)
    this.onStep?.(step)
  }
}

async function resolved(url: string, means: Means): Promise<string> {
  const verdict = judgeAddress(url, means.allowed_private_hosts)
  if (!verdict.allowed) throw new UpstreamError('address_refused', verdict.message)
  if (verdict.listed) return 'The operator lists this host'
  if (verdict.literal) return 'The address is public'
  await means.check_name(verdict.url.hostname)
  return 'The name leads to public addresses only'
}

/** Some failures prove that earlier steps passed, though nobody told of them. */
function conclude(told: Told, error: UpstreamError): void {
  const answered = ['too_large', 'protocol', 'address_refused', 'unauthorized']
  if (told.next === 'tls' && answered.includes(error.reason)) told.pass('TLS certificate valid')
  if (told.next === 'transport' && error.reason === 'unauthorized') {
    told.pass('An HTTP server answers')
    told.skip('Shows after signing in')
  }
  if (told.next === 'transport' && error.spoken) told.pass('The server answers in MCP')
  if (told.next === 'sign_in' && error.reason !== 'unauthorized') {
    told.pass('The server let us in')
  }
  told.fail(error)
}

function transportInWords({ server_type }: Upstream, { transport }: StoredProtocol): string {
  if (transport === 'streamable_http') return 'Streamable HTTP'
  return server_type === 'sse'
    ? 'Legacy SSE'
    : 'Legacy SSE: the server does not take streamable HTTP, so Astra fell back'
}

function eraInWords({ era, protocol_version }: StoredProtocol): string {
  return `MCP ${protocol_version}, ${era === 'modern' ? 'stateless' : 'with sessions'}`
}

function signedIn({ headers, query }: Upstream): string {
  return Object.keys({ ...headers, ...query }).length > 0
    ? 'The server accepted the credential'
    : 'The server asks for no credential'
}

function counted({ tools, left_out }: Listing): string {
  const found = tools.length === 1 ? '1 tool found' : `${tools.length} tools found`
  return left_out.length > 0 ? `${found}, ${left_out.length} left out` : found
}
