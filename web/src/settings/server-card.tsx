// One server in the list: how it is doing, and what an admin does with it most often.
import { Link } from '@tanstack/react-router'
import { count } from '@/lib/format.ts'
import { Dotted } from '@/ui/dotted.tsx'
import { Card } from '@/ui/page.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { Status } from '@/ui/status.tsx'
import type { Notice } from './account-state.ts'
import type { ServerRow } from './queries.ts'
import type { ToolCounts } from './tool-queries.ts'
import { Heard } from './heard.tsx'
import { ServerActions } from './server-actions.tsx'
import { ServerNotices } from './server-notices.tsx'
import { kindWords, placeOf, stateOf, transportWords } from './server-state.ts'

type Props = {
  server: ServerRow
  admin: boolean
  /** Null while they are read. */
  tools: ToolCounts | null
  notices: Notice[]
}

export function ServerCard({ server, admin, tools, notices }: Props) {
  const state = stateOf(server)
  const failing = state.sentence !== null && (state.tone === 'bad' || state.tone === 'warn')
  return (
    <Card className='p-4'>
      <div className='flex flex-wrap items-start gap-x-4 gap-y-3'>
        <div className='min-w-0 grow basis-60'>
          <div className='flex flex-wrap items-center gap-x-3 gap-y-1'>
            <h2 className='min-w-0 truncate text-base font-semibold'>
              <Link
                to='/settings/servers/$serverId'
                params={{ serverId: server.id }}
                className='underline-offset-4 hover:underline'
              >
                {server.name}
              </Link>
            </h2>
            <Status tone={state.tone}>{state.word}</Status>
          </div>
          <p className='mt-0.5 truncate text-sm text-muted' title={placeOf(server)}>
            {placeOf(server)}
          </p>
          <div className='mt-2'>
            <Dotted>
              {tools ? toolWords(tools) : <Skeleton className='h-4 w-16' />}
              {server.transport ? transportWords[server.transport] : kindWords[server.server_type]}
              <Heard server={server} />
            </Dotted>
          </div>
        </div>
        {admin && <ServerActions server={server} />}
      </div>
      {failing && !notices.some(({ tone }) => tone === 'bad') && (
        <p
          className={`mt-3 rounded-control px-3 py-2 text-sm ${
            state.tone === 'bad' ? 'bg-bad-soft' : 'bg-warn-soft'
          }`}
        >
          {state.sentence}
        </p>
      )}
      <ServerNotices server={server} notices={notices} admin={admin} className='mt-3' />
    </Card>
  )
}

function toolWords({ all, on }: ToolCounts): string {
  if (all === 0) return 'No tools read yet'
  return on === all ? count(all, 'tool') : `${on} of ${count(all, 'tool')} on`
}
