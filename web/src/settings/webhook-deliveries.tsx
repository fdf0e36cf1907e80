// What a webhook was to be told and was not: still waiting for another try, or given up.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { count } from '@/lib/format.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { Status } from '@/ui/status.tsx'
import { Time } from '@/ui/time.tsx'
import { deliveriesQuery, type Delivery, type Webhook } from './webhook-queries.ts'
import { deliveryTitle, openWords } from './webhook-words.ts'

type Props = { webhook: Webhook; busy: boolean; onTryNow: () => void }

export function WebhookDeliveries({ webhook, busy, onTryNow }: Props) {
  const { team_id } = useTeam()
  const said = openWords(webhook)
  const { data } = useQuery({ ...deliveriesQuery(team_id), enabled: said !== null })
  if (said === null) return null
  return (
    <div className='border-t border-line'>
      <div className='flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3'>
        <p className='grow basis-56 text-sm'>{said}</p>
        {webhook.waiting > 0 && webhook.is_active && (
          <Button icon={<RotateCw aria-hidden />} busy={busy} onClick={onTryNow}>Try now</Button>
        )}
      </div>
      {data && data.length > 0 && (
        <ul aria-label='Not delivered' className='border-t border-line'>
          {data.map((delivery) => <Item key={delivery.id} delivery={delivery} />)}
        </ul>
      )}
    </div>
  )
}

function Item({ delivery }: { delivery: Delivery }) {
  const { gave_up_at, attempts, next_at, last_error } = delivery
  return (
    <li className='flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 text-sm last:border-0'>
      <Link
        to='/activity/$executionId'
        params={{ executionId: delivery.execution_id }}
        className='flex min-h-11 grow basis-40 items-center underline-offset-4 hover:underline'
      >
        {deliveryTitle(delivery)}
      </Link>
      {gave_up_at
        ? <Status tone='bad'>Given up after {count(attempts, 'try', 'tries')}</Status>
        : (
          <Status tone='info'>
            {attempts === 0 ? 'To be sent' : 'Next try'} <Time at={next_at} />
          </Status>
        )}
      {last_error && <p className='w-full text-muted'>{last_error}</p>}
    </li>
  )
}
