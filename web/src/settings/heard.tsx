// When Astra last heard of a server: by a check, else by the last call that went well.
import { Time } from '@/ui/time.tsx'
import { Checked } from './checked.tsx'
import type { ServerRow } from './queries.ts'

export function Heard({ server }: { server: ServerRow }) {
  if (server.is_active && server.checked_at) return <Checked at={server.checked_at} />
  if (!server.last_connected_at) return null
  return (
    <span>
      {server.health === 'offline' ? 'last answered' : 'answered'}{' '}
      <Time at={server.last_connected_at} />
    </span>
  )
}
