// What a webhook was to be told and was not: still waiting for another try, or given up.
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { Status } from '@/ui/status.tsx'
import { useNow } from './checked.tsx'
import { deliveriesQuery, type Delivery, type Webhook } from './webhook-queries.ts'
import { deliveryState, deliveryTitle, openWords } from './webhook-words.ts'

type Props = { webhook: Webhook; busy: boolean; onTryNow: () => void }

/** So many are listed at first. */
const few = 3

export function WebhookDeliveries({ webhook, busy, onTryNow }: Props) {
  const { team_id } = useTeam()
  const [all, setAll] = useState(false)
  const said = openWords(webhook)
  const { data = [] } = useQuery({ ...deliveriesQuery(team_id), enabled: said !== null })
  if (said === null) return null
  const shown = all ? data : data.slice(0, few)
  return (
    <div className='border-t border-line'>
      <div className='flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3'>
        <p className='grow basis-56 text-sm'>{said}</p>
        {webhook.waiting > 0 && webhook.is_active && (
          <Button icon={<RotateCw aria-hidden />} busy={busy} onClick={onTryNow}>Try now</Button>
        )}
      </div>
      {shown.length > 0 && (
        <ul aria-label='Not delivered' className='border-t border-line'>
          {shown.map((delivery) => (
            <Item key={delivery.id} delivery={delivery} on={webhook.is_active} />
          ))}
        </ul>
      )}
      {data.length > shown.length && (
        <div className='border-t border-line px-2 py-1'>
          <Button look='quiet' className='px-2!' onClick={() => setAll(true)}>
            Show {data.length - shown.length} more
          </Button>
        </div>
      )}
    </div>
  )
}

function Item({ delivery, on }: { delivery: Delivery; on: boolean }) {
  const { tone, word } = deliveryState(delivery, { on, now: useNow() })
  return (
    <li className='flex flex-wrap items-center gap-x-4 border-b border-line px-4 py-2 last:border-0'>
      <div className='min-w-0 grow basis-56'>
        <Link
          to='/activity/$executionId'
          params={{ executionId: delivery.execution_id }}
          className='inline-block py-0.5 text-sm font-medium underline-offset-4 hover:underline'
        >
          {deliveryTitle(delivery)}
        </Link>
        {delivery.last_error && <p className='text-sm text-muted'>{delivery.last_error}</p>}
      </div>
      <Status tone={tone}>{word}</Status>
    </li>
  )
}
