// The tools of a server: found by name, judged by admins, tried by anyone.
import { type ReactNode, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { RefreshCw, Search, Wrench } from 'lucide-react'
import { count } from '@/lib/format.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { EmptyState, FailedState } from '@/ui/empty-state.tsx'
import { Input } from '@/ui/input.tsx'
import { Card, Section } from '@/ui/page.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { Time } from '@/ui/time.tsx'
import { limitsQuery } from './limits.ts'
import type { ServerRow } from './queries.ts'
import { useSyncTools } from './server-changes.ts'
import { ToolItem } from './tool-item.tsx'
import { type ToolRow, toolsQuery } from './tool-queries.ts'
import { claims, matching } from './tool-rules.ts'
import { ToolSheet } from './tool-sheet.tsx'
import { ToolsChosen } from './tools-chosen.tsx'
import { TryToolDialog } from './try-tool-dialog.tsx'
import { useSaveTools } from './use-save-tools.ts'

const page = 60

export function ToolsSection({ server, admin }: { server: ServerRow; admin: boolean }) {
  const { team_id } = useTeam()
  const tools = useQuery(toolsQuery(team_id, server.id))
  if (tools.isPending) {
    return (
      <Framed>
        <SkeletonList rows={4} className='h-24' />
      </Framed>
    )
  }
  if (tools.isError) {
    return (
      <Framed>
        <FailedState
          title='Its tools could not be read'
          error={tools.error}
          onRetry={() => void tools.refetch()}
        />
      </Framed>
    )
  }
  if (tools.data.length === 0) {
    return (
      <Framed>
        <NoTools server={server} admin={admin} />
      </Framed>
    )
  }
  return <ToolList server={server} admin={admin} tools={tools.data} />
}

function Framed({ children, note }: { children: ReactNode; note?: ReactNode }) {
  return <Section title='Tools' actions={note}>{children}</Section>
}

type ListProps = { server: ServerRow; admin: boolean; tools: ToolRow[] }

function ToolList({ server, admin, tools }: ListProps) {
  const { team_id } = useTeam()
  const [words, setWords] = useState('')
  const [shown, setShown] = useState(page)
  const [trying, setTrying] = useState<ToolRow | null>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const window_seconds = useQuery(limitsQuery(team_id)).data?.rate_window_seconds ?? null
  const judge = useSaveTools(server.id)
  const found = matching(tools, words)
  const chosen = found.filter(({ id }) => marked.has(id))
  // At a server open to all nobody has an account.
  const signsIn = server.credential_type !== null || server.account === 'person' ||
    tools.some(({ account }) => account !== null)
  const account = signsIn ? server.account : null
  const mark = (ids: string[]) => setMarked(new Set(ids))
  const toggle = (id: string) =>
    mark(marked.has(id) ? [...marked].filter((one) => one !== id) : [...marked, id])
  const looked = tools.find(({ id }) => id === opened)
  return (
    <Framed note={<HowMany tools={tools} />}>
      <SearchBox
        words={words}
        onWords={(words) => {
          setWords(words)
          setShown(page)
        }}
      />
      {tools.some(({ annotations }) => claims(annotations).length > 0) && (
        <p className='mb-3 text-sm text-muted'>
          What the server says of its tools is its own claim. Only your team’s rules count.
        </p>
      )}
      <output className='sr-only'>{words ? `${count(found.length, 'tool')} found` : ''}</output>
      {found.length === 0
        ? <p className='py-8 text-center text-sm text-muted'>No tool matches “{words}”.</p>
        : (
          <Card>
            {admin && <ToolsChosen found={found} chosen={chosen} onChoose={mark} judge={judge} />}
            <ul aria-label='Tools'>
              {found.slice(0, shown).map((tool) => (
                <ToolItem
                  key={tool.id}
                  tool={tool}
                  admin={admin}
                  account={account}
                  usable={server.is_active}
                  window_seconds={window_seconds}
                  judge={judge}
                  chosen={marked.has(tool.id)}
                  onChoose={() => toggle(tool.id)}
                  onOpen={() => setOpened(tool.id)}
                  onTry={() => setTrying(tool)}
                />
              ))}
            </ul>
          </Card>
        )}
      {found.length > shown && (
        <Button className='mt-3' onClick={() => setShown(shown + page)}>
          Show {Math.min(page, found.length - shown)} more
        </Button>
      )}
      {trying && <TryToolDialog server={server} tool={trying} onClose={() => setTrying(null)} />}
      {looked && (
        <ToolSheet
          tool={looked}
          admin={admin}
          account={account}
          window_seconds={window_seconds}
          judge={judge}
          onClose={() => setOpened(null)}
        />
      )}
    </Framed>
  )
}

function HowMany({ tools }: { tools: ToolRow[] }) {
  const newest = tools.reduce((last, { synced_at }) => synced_at > last ? synced_at : last, '')
  return (
    <span className='text-sm text-muted'>
      {count(tools.length, 'tool')}, read <Time at={newest} />
    </span>
  )
}

function SearchBox({ words, onWords }: { words: string; onWords: (words: string) => void }) {
  return (
    <div className='relative mb-3'>
      <Search
        aria-hidden
        className='pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted'
      />
      <Input
        type='search'
        aria-label='Search tools'
        placeholder='Search tools'
        className='pl-9'
        value={words}
        onChange={(event) => onWords(event.target.value)}
      />
    </div>
  )
}

function NoTools({ server, admin }: { server: ServerRow; admin: boolean }) {
  const sync = useSyncTools(server)
  const never = server.last_connected_at === null
  return (
    <EmptyState
      icon={<Wrench aria-hidden />}
      title={never ? 'Its tools are not read yet' : 'This server offers no tools'}
      action={admin && (
        <Button
          look='primary'
          icon={<RefreshCw aria-hidden />}
          busy={sync.isPending}
          onClick={() => sync.mutate()}
        >
          Sync
        </Button>
      )}
    >
      {never
        ? 'Sync asks the server for its tools and keeps their descriptions here.'
        : 'It answered, but with an empty list. Some servers show tools only to those who sign in, or only with more rights.'}
    </EmptyState>
  )
}
