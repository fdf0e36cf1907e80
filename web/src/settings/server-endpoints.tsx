// The addresses of a server that has several, and how each is doing. Of a single one the server's own line tells.
import { useQuery } from '@tanstack/react-query'
import { useTeam } from '@/session/team.tsx'
import { Dotted } from '@/ui/dotted.tsx'
import { Card, Section } from '@/ui/page.tsx'
import { Status } from '@/ui/status.tsx'
import { Checked, useNow } from './checked.tsx'
import { type EndpointRow, endpointsQuery, type ServerRow } from './queries.ts'
import { endpointState, latencyWords, restWords } from './server-state.ts'

export function ServerEndpoints({ server }: { server: ServerRow }) {
  const { team_id } = useTeam()
  const { data = [] } = useQuery(endpointsQuery(team_id, server.id))
  if (data.length < 2 || !server.is_active) return null
  return (
    <Section title='Its addresses'>
      <Card>
        <ul aria-label='Addresses'>
          {data.map((endpoint) => <Endpoint key={endpoint.url} endpoint={endpoint} />)}
        </ul>
      </Card>
    </Section>
  )
}

function Endpoint({ endpoint }: { endpoint: EndpointRow }) {
  const now = useNow()
  const { tone, word, sentence } = endpointState(endpoint)
  const rest = restWords(endpoint.rests_until, now)
  return (
    <li className='border-b border-line px-4 py-3 last:border-0'>
      <div className='flex flex-wrap items-center gap-x-4 gap-y-1'>
        <p className='min-w-0 grow font-mono text-sm'>{endpoint.url}</p>
        <Status tone={tone}>{word}</Status>
      </div>
      <Dotted>
        <Checked at={endpoint.checked_at} />
        {endpoint.status !== 'offline' && latencyWords(endpoint.latency_ms)}
        {rest}
      </Dotted>
      {sentence && <p className='mt-1 text-sm'>{sentence}</p>}
    </li>
  )
}

/** How much longer a server with one address is left alone; nothing where it is not. */
export function useRest(server: ServerRow): string | null {
  const { team_id } = useTeam()
  const { data = [] } = useQuery(endpointsQuery(team_id, server.id))
  const now = useNow()
  return data.length === 1 && server.is_active ? restWords(data[0]!.rests_until, now) : null
}
