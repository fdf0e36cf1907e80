// How an account at a server stands, in a line: what kind, since when, and how long it lasts.
import { formatDate } from '@/lib/format.ts'
import { Status } from '@/ui/status.tsx'
import { Time } from '@/ui/time.tsx'
import { expiryOf, type Held, lastsWords } from './account-state.ts'
import { credentialWords } from './credential-draft.ts'

type Props = {
  held: Held | null
  /** What its absence means. */
  none: string
  since?: string
}

export function AccountLine({ held, none, since }: Props) {
  if (!held) return <span className='text-muted'>{none}</span>
  const expiry = expiryOf(held.expires_at)
  const lasts = lastsWords(held.expires_at)
  return (
    <span className='flex flex-wrap items-center gap-x-3 gap-y-0.5'>
      <span>
        {credentialWords[held.credential_type]}
        {!expiry && lasts && <span className='text-sm text-muted'>, {lasts}</span>}
      </span>
      {expiry && (
        <Status tone={expiry.tone}>
          {expiry.word}{' '}
          {held.expires_at && <span className='text-muted'>({formatDate(held.expires_at)})</span>}
        </Status>
      )}
      {since && (
        <span className='text-sm text-muted'>
          Connected <Time at={since} />
        </span>
      )}
    </span>
  )
}
