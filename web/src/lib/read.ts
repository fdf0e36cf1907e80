// Reads of PostgREST: what failed is thrown, never mistaken for an empty list.
import { CallError } from './call.ts'

type Answer = {
  data: unknown
  error: { code: string; message: string } | null
  status: number
}

/** `await rows<Server[]>(supabase().from('mcp_servers').select('…').eq('team_id', team_id))` */
export async function rows<T>(query: PromiseLike<Answer>): Promise<T> {
  const { data, error, status } = await query
  if (!error) return data as T
  throw toCallError(error, status)
}

function toCallError(error: { code: string; message: string }, status: number): CallError {
  if (status === 0) {
    return new CallError(
      'unreachable',
      'Astra could not be reached. Check your connection and try again.',
    )
  }
  // A refusal with a sentence of its own: PT400, PT409 …
  if (error.code.startsWith('PT4')) return new CallError('conflict', `${error.message}.`)
  if (status === 401) {
    return new CallError('unauthenticated', 'Your sign-in has ended. Sign in again.')
  }
  if (status === 403 || error.code === '42501') {
    return new CallError('forbidden', 'You may not do this in this team. Ask an admin.')
  }
  if (status === 404 || status === 406) {
    return new CallError('not_found', 'This is not there, or not yours to see.')
  }
  if (status === 409) return new CallError('conflict', 'This is already there.')
  return new CallError(
    'internal',
    'Astra could not read or write this. The fault is on our side; try again.',
  )
}
