// What becomes of a try that its server does not let in: its token is renewed, or it waits for a sign-in.
// People sign in for a server’s main address, whichever of its endpoints refused them.
import type { Admitted } from './admission.ts'
import type { App } from './app.ts'
import type { Challenge, UpstreamError } from './mcp/upstream.ts'
import { afterRefusal } from './sign-in.ts'
import { accountOf, type Reachable, ready } from './upstream-of.ts'
import type { Standing, Wait } from './waiting.ts'

/** `refused`: nothing helps, and why. */
export type Unready = { refused: string } | { wait: Wait; authorization_url?: string }

type Refused = { standing: Standing; reached: Reachable; refused: UpstreamError }

const MOST_SIGN_INS = 2

/** After a refusal (401, 403), which means that nothing ran. */
export async function renewOrSignIn(
  app: App,
  admitted: Admitted,
  { standing, reached, refused }: Refused,
): Promise<{ ready: Reachable } | Unready> {
  const asked = asking(admitted)
  const challenge = ofMainAddress(admitted, refused.challenge)
  const after = await afterRefusal(app, { ...asked, sealed: reached.sealed, challenge })
  if (after.kind === 'renewed') return { ready: ready(asked, after) }
  if (after.kind === 'refused') return { refused: after.message ?? refused.message }
  return signIn(admitted, { standing, authorization_url: after.authorization_url })
}

/** Where the account that the call needs is not connected, or no longer. */
export async function signInFirst(
  app: App,
  admitted: Admitted,
  standing: Standing,
): Promise<Unready> {
  const { credential: sealed } = admitted
  const after = await afterRefusal(app, { ...asking(admitted), sealed, challenge: null })
  // A server without a sign-in of its own wants a key, which its person enters in the settings.
  const authorization_url = after.kind === 'sign_in' ? after.authorization_url : null
  return signIn(admitted, { standing, authorization_url })
}

function asking(admitted: Admitted) {
  const { user_id, administers, server, chat_id } = admitted
  return {
    account: accountOf(admitted),
    server,
    asker: { user_id, administers },
    ...(chat_id ? { return_to: `/chat/${chat_id}` } : {}),
  }
}

/** What another address says of signing in is about itself: then the main one is asked. */
function ofMainAddress({ server }: Admitted, challenge: Challenge | null): Challenge | null {
  if (!challenge || server.endpoint === server.config.url) return challenge
  return challenge.insufficient_scope ? { ...challenge, resource_metadata: null } : null
}

function signIn(
  admitted: Admitted,
  { standing, authorization_url }: { standing: Standing; authorization_url: string | null },
): Unready {
  if (standing.sign_ins >= MOST_SIGN_INS) {
    return { refused: 'The server still refuses after signing in' }
  }
  return {
    wait: {
      status: 'awaiting_auth',
      asked: { account: admitted.account },
      standing: { ...standing, sign_ins: standing.sign_ins + 1 },
    },
    ...(authorization_url ? { authorization_url } : {}),
  }
}
