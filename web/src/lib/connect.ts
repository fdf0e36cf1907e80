// Leaving to sign in at a server. The address is asked for when it is needed: it does not live long.
import type { Account } from '@shared/execution.ts'
import { call, CallError } from './call.ts'
import { webAddress } from './web-address.ts'

type Where = {
  team_id: string
  server_id: string
  /** Left out: whose account the server’s tools use. */
  account?: Account
  return_to: string
}

/** Goes to the server’s own sign-in page, which leads back to `return_to`. Throws CallError. */
export async function leaveToSignIn(where: Where): Promise<void> {
  const { authorization_url } = await call('connect_server', where)
  const address = webAddress(authorization_url)
  if (address) return location.assign(address)
  throw new CallError(
    'unreadable',
    'The server names a sign-in page that is no web page. Astra does not open it.',
  )
}
