// Signing in as operations: starting it for the team or for oneself, and the client that an admin
// registered by hand. Decides who may; everything else is sign-in-start.ts and sign-in-clients.ts.
import { administers } from '../../../shared/team.ts'
import { requirePersonAccounts } from './accounts.ts'
import type { Handler } from './actions.ts'
import { AppError } from './http.ts'
import { SignInError } from './mcp/oauth-error.ts'
import { answerServer, loadServer } from './servers.ts'
import { clientsOf } from './sign-in-clients.ts'
import { startSignIn } from './sign-in-start.ts'

/** Throws AppError: `not_found`, `forbidden`, `unsupported`, `conflict` and `unavailable` (details.reason). */
export const connectServer: Handler<'connect_server'> = async ({ app, as, input }) => {
  const server = await loadServer(app, as.team_id, input.server_id)
  const account = input.account ?? server.account
  if (server.server_type === 'stdio') {
    throw new AppError('unsupported', 'A stdio server has no sign-in.')
  }
  if (account === 'team' && !administers(as.role)) {
    throw new AppError('forbidden', 'Only admins of the team may sign in for all of it.')
  }
  if (account === 'person') await requirePersonAccounts(app, server)
  try {
    return await startSignIn(app, {
      account: {
        team_id: as.team_id,
        server_id: server.id,
        user_id: account === 'person' ? as.user_id : null,
      },
      server,
      user_id: as.user_id,
      challenge: null,
      ...(input.return_to !== undefined && { return_to: input.return_to }),
    })
  } catch (thrown) {
    throw thrown instanceof SignInError ? refusalOf(thrown) : thrown
  }
}

function refusalOf({ reason, message }: SignInError): AppError {
  const code = reason === 'not_offered'
    ? 'unsupported'
    : reason === 'client_needed' || reason === 'client_refused'
    ? 'conflict'
    : 'unavailable'
  return new AppError(code, `${message}.`, { reason })
}

export const setOAuthClient: Handler<'set_oauth_client'> = async ({ app, as, input }) => {
  const server = await loadServer(app, as.team_id, input.server_id)
  if (server.server_type === 'stdio') {
    throw new AppError('unsupported', 'A stdio server has no sign-in.')
  }
  await clientsOf(app, { team_id: as.team_id, server_id: server.id }).give(input.oauth_client)
  return { server: await answerServer(app, as, server) }
}
