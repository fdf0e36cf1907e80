// Resolves a host name before it is spoken to, and refuses it if any of its addresses is not public.
// The fetch resolves again by itself, so a name may still be rebound in between; https-only is what
// makes that harmless: an inside address cannot show a certificate for the attacker’s name.
import { isPublic } from './address.ts'
import { EgressError } from './egress-error.ts'

/** Gives the addresses of a name; throws `Deno.errors.NotFound` when it has none of that kind. */
export type ResolveName = (name: string, kind: 'A' | 'AAAA') => Promise<string[]>
export type NameCheck = (name: string) => Promise<void>

const dnsTimeoutMs = 5_000
/** A good answer is believed this long. Refusals and failures are never remembered. */
const believedMs = 10_000
const mostNames = 1_000

/** Gives a check that throws `EgressError` unless every address of the name is public. */
export function nameCheck(resolve: ResolveName = resolveByDns): NameCheck {
  const believedUntil = new Map<string, number>()
  return async (name) => {
    const until = believedUntil.get(name)
    if (until !== undefined && until > Date.now()) return
    believedUntil.delete(name)
    const addresses = await addressesOf(name, resolve)
    if (!addresses.every(isPublic)) {
      throw new EgressError('address_refused', 'The server’s name leads to a private address')
    }
    if (believedUntil.size >= mostNames) believedUntil.clear()
    believedUntil.set(name, Date.now() + believedMs)
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
