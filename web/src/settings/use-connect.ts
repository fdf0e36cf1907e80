// Signing in at a server: asks for the page to go to, and goes there. Astra never sees what is typed on it.
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { Account } from '@shared/execution.ts'
import { leaveToSignIn } from '@/lib/connect.ts'
import { useShownAgain } from '@/lib/use-shown-again.ts'
import { useTeam } from '@/session/team.tsx'

type Connect = {
  server_id: string
  /** Left out: whose account the server's tools use. */
  account?: Account
  /** The page to come back to; this one by default. */
  returnTo?: string
  onError?: (error: Error) => void
}

export function useConnect({ server_id, account, returnTo, onError }: Connect) {
  const { team_id } = useTeam()
  const router = useRouter()
  const mutation = useMutation({
    mutationFn: () => {
      const return_to = returnTo ?? pathOf(router.state.location.href)
      return leaveToSignIn({ team_id, server_id, account, return_to })
    },
    onError,
  })
  useShownAgain(mutation.reset)
  return {
    connect: () => mutation.mutate(),
    // Until the other page is there.
    busy: mutation.isPending || mutation.isSuccess,
    error: mutation.error,
  }
}

/** Without what an earlier return has left in it. */
function pathOf(href: string): string {
  const url = new URL(href, location.origin)
  for (const name of ['connected', 'connect_error', 'add']) url.searchParams.delete(name)
  return url.pathname + url.search
}
