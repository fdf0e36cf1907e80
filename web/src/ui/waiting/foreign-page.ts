// A page that a server wants someone to open: what of its address matters to a person. Pure.
import { webAddress } from '@/lib/web-address.ts'

export type ForeignPage = {
  /** Where the button leads; null for what is no plain web page, which is never opened. */
  href: string | null
  /** The address in three pieces, the host by itself. Punycode stays punycode. */
  before: string
  host: string
  after: string
  /** Not the server’s own host, nor one below it. */
  elsewhere: boolean
  /** What is sent there can be read on the way. */
  unprotected: boolean
}

/** `serverUrl` is the server’s own address; null where it has none. */
export function foreignPage(address: string, serverUrl: string | null): ForeignPage {
  const href = webAddress(address)
  if (!href) {
    return { href, before: '', host: '', after: address, elsewhere: true, unprotected: false }
  }
  const { protocol, host, hostname } = new URL(href)
  const own = serverUrl !== null && URL.canParse(serverUrl) ? new URL(serverUrl).hostname : null
  const before = `${protocol}//`
  return {
    href,
    before,
    host,
    after: href.slice(before.length + host.length),
    elsewhere: own === null || (hostname !== own && !hostname.endsWith(`.${own}`)),
    unprotected: protocol === 'http:' && !isHere(hostname),
  }
}

/** The reader’s own machine. */
function isHere(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
