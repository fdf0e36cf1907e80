// What the app remembers of the server while it is open. Nothing of it is written to the device.
import { QueryClient } from '@tanstack/react-query'
import { CallError } from './call.ts'
import { isOnline } from './reach.ts'

const worthRetrying = new Set(['unreachable', 'unavailable', 'internal', 'unreadable'])

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      networkMode: 'offlineFirst',
      retry: (failures, error) =>
        failures < 2 && isOnline() &&
        (!(error instanceof CallError) || worthRetrying.has(error.code)),
    },
    mutations: { networkMode: 'always' },
  },
})
