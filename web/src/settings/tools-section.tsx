// The tools of a server: found by name, judged by admins, tried by anyone.
import { type ReactNode, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { RefreshCw, Search, SlidersHorizontal, Wrench } from 'lucide-react'
import { count } from '@/lib/format.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { EmptyState, FailedState } from '@/ui/empty-state.tsx'
import { Input } from '@/ui/input.tsx'
import { Menu, MenuItem, MenuLabel } from '@/ui/menu.tsx'
import { Card, Section } from '@/ui/page.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { Time } from '@/ui/time.tsx'
import { type ServerRow, type ToolRow, toolsQuery } from './queries.ts'
import { useSyncTools } from './server-changes.ts'
import { claims, matching, policyWords } from './tool-rules.ts'
import { ToolItem } from './tool-item.tsx'
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
  const [words, setWords] = useState('')
  const [shown, setShown] = useState(page)
  const [trying, setTrying] = useState<ToolRow | null>(null)
  const save = useSaveTools(server.id)
  const found = matching(tools, words)
  const newest = tools.reduce(
    (latest, { synced_at }) => synced_at > latest ? synced_at : latest,
    '',
  )
  // At a server open to all nobody has an account.
  const signsIn = server.credential_type !== null || server.account === 'person' ||
    tools.some(({ account }) => account !== null)
  const claimed = tools.some(({ annotations }) => claims(annotations).length > 0)
  const note = (
    <span className='text-sm text-muted'>
      {count(tools.length, 'tool')}, read <Time at={newest} />
    </span>
  )
  return (
    <Framed note={note}>
      <div className='mb-3 flex items-center gap-2'>
        <div className='relative min-w-0 grow'>
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
            onChange={(event) => {
              setWords(event.target.value)
              setShown(page)
            }}
          />
        </div>
        {admin && <BulkMenu tools={found} onSave={save} />}
      </div>
      {claimed && (
        <p className='mb-3 text-sm text-muted'>
          What the server says of its tools is its own claim. Only your team’s rules count.
        </p>
      )}
      <output className='sr-only'>{words ? `${count(found.length, 'tool')} found` : ''}</output>
      {found.length === 0
        ? <p className='py-8 text-center text-sm text-muted'>No tool matches “{words}”.</p>
        : (
          <Card>
            <ul>
              {found.slice(0, shown).map((tool) => (
                <ToolItem
                  key={tool.id}
                  tool={tool}
                  admin={admin}
                  account={signsIn ? server.account : null}
                  usable={server.is_active}
                  onSave={(changes) => save({ tools: [tool], changes })}
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
    </Framed>
  )
}

type BulkProps = { tools: ToolRow[]; onSave: ReturnType<typeof useSaveTools> }

/** One decision for every tool the search shows. */
function BulkMenu({ tools, onSave }: BulkProps) {
  return (
    <Menu
      trigger={
        <Button icon={<SlidersHorizontal aria-hidden />} disabled={tools.length === 0}>
          Set all<span className='sr-only'>{' '}{tools.length} shown tools</span>
        </Button>
      }
    >
      <MenuLabel>{count(tools.length, 'tool')} shown</MenuLabel>
      {(['allow', 'ask', 'deny'] as const).map((policy) => (
        <MenuItem
          key={policy}
          onSelect={() => onSave({ tools, changes: { policy } })}
        >
          {policyWords[policy]}
        </MenuItem>
      ))}
      <MenuItem onSelect={() => onSave({ tools, changes: { is_enabled: true } })}>
        Switch on
      </MenuItem>
      <MenuItem onSelect={() => onSave({ tools, changes: { is_enabled: false } })}>
        Switch off
      </MenuItem>
    </Menu>
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
