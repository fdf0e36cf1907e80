// Resolves a host name before it is spoken to, and refuses it if any of its addresses is not public.
// Gives the addresses it checked: tunnel.ts connects to those and no others.
import { isPublic } from './address.ts'
import { EgressError } from './egress-error.ts'

/** Gives the addresses of a name; throws `Deno.errors.NotFound` when it has none of that kind. */
export type ResolveName = (name: string, kind: 'A' | 'AAAA') => Promise<string[]>
/** Gives every address of the name. Throws `EgressError` unless all of them are public. */
export type NameCheck = (name: string) => Promise<string[]>

const dnsTimeoutMs = 5_000
/** A good answer is believed this long. Refusals and failures are never remembered. */
const believedMs = 10_000
const mostNames = 1_000

/** Gives a check that remembers a good answer for a moment. */
export function nameCheck(resolve: ResolveName = resolveByDns): NameCheck {
  const believed = new Map<string, { until: number; addresses: string[] }>()
  return async (name) => {
    const known = believed.get(name)
    if (known && known.until > Date.now()) return known.addresses
    believed.delete(name)
    const addresses = await addressesOf(name, resolve)
    if (!addresses.every(isPublic)) {
      throw new EgressError('address_refused', 'The server’s name leads to a private address')
    }
    if (believed.size >= mostNames) believed.clear()
    believed.set(name, { until: Date.now() + believedMs, addresses })
    return addresses
  }
}

/** Both families must answer: a resolver that fails for one of them could be hiding an address. */
async function addressesOf(name: string, resolve: ResolveName): Promise<string[]> {
  const answers = await Promise.allSettled([resolve(name, 'A'), resolve(name, 'AAAA')])
  const addresses = answers.flatMap((answer) => {
    if (answer.status === 'fulfilled') return answer.value
    if (answer.reason instanceof Deno.errors.NotFound) return []
    throw new EgressError('unresolvable', 'The server’s name could not be looked up')
  })
  if (addresses.length > 0) return addresses
  throw new EgressError('unresolvable', 'The server’s name could not be found')
}

function resolveByDns(name: string, kind: 'A' | 'AAAA'): Promise<string[]> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), dnsTimeoutMs)
  return Deno.resolveDns(name, kind, { signal: controller.signal })
    .finally(() => clearTimeout(timer))
}
