// What the app remembers of the server while it is open. What may outlive that is written by `copies.ts`, and nothing else.
import { QueryClient } from '@tanstack/react-query'
import { CallError } from './call.ts'
import { keepCopies, withCopy } from './copies.ts'
import { isOnline } from './reach.ts'

const worthRetrying = new Set(['unreachable', 'unavailable', 'internal', 'unreadable'])

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      networkMode: 'offlineFirst',
      persister: withCopy,
      retry: (failures, error) =>
        failures < 2 && isOnline() &&
        (!(error instanceof CallError) || worthRetrying.has(error.code)),
    },
    mutations: { networkMode: 'always' },
  },
})
keepCopies(queryClient)
