// Notices in the address that someone comes back from a sign-in, on whatever page they left, and loads what
// deals with it only then.
import { lazy, Suspense } from 'react'
import { useSearch } from '@tanstack/react-router'

const ConnectReturn = lazy(async () => ({
  default: (await import('./settings/connect-return.tsx')).ConnectReturn,
}))

export function ReturnFromSignIn() {
  const { connected, connect_error }: Record<string, unknown> = useSearch({ strict: false })
  const id = typeof connected === 'string' ? connected : undefined
  const error = typeof connect_error === 'string' ? connect_error : undefined
  if (id === undefined && error === undefined) return null
  return (
    <Suspense>
      <ConnectReturn connected={id} error={error} />
    </Suspense>
  )
}
