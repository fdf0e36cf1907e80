// Servers that want a sign-in, each behind an authorization server of its own.
import { startFixture } from './fixture-process.ts'

/** The MCP address of each. */
export type SignInServers = {
  /** Consents at once; what it gives renews itself. */
  willing: string
  /** Declines every sign-in. */
  declining: string
  /** Its token ends in three days, and nothing renews it. */
  ending: string
}

type Running = { servers: SignInServers; hosts: string[]; stop: () => Promise<void> }

export async function startSignInServers(root: string): Promise<Running> {
  const { told, stop } = await startFixture<Omit<Running, 'stop'>>(
    root,
    'upstreams/authorization-child.ts',
  )
  return { ...told, stop }
}
