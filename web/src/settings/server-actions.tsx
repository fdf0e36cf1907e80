// Test, sync and remove, in the list and on a server's own page.
import { useState } from 'react'
import { Ellipsis, IdCard, Plug, RefreshCw, Trash2 } from 'lucide-react'
import { useNavigate } from '@tanstack/react-router'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog, Dialog } from '@/ui/dialog.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Menu, MenuItem } from '@/ui/menu.tsx'
import { CheckRemedy } from './check-remedy.tsx'
import { CheckView } from './check-view.tsx'
import { ClientDialog } from './client-dialog.tsx'
import { LeftOutDialog } from './left-out.tsx'
import type { ServerRow } from './queries.ts'
import { useCheck } from './use-check.ts'
import { useRemoveServer, useSyncTools } from './server-changes.ts'

type Asking = 'test' | 'remove' | 'client' | null

export function ServerActions({ server }: { server: ServerRow }) {
  const [asking, ask] = useState<Asking>(null)
  const sync = useSyncTools(server)
  return (
    <div className='flex shrink-0 items-center gap-2'>
      <Button icon={<Plug aria-hidden />} onClick={() => ask('test')}>Test</Button>
      <Button
        icon={<RefreshCw aria-hidden />}
        busy={sync.isPending}
        onClick={() => sync.mutate()}
      >
        Sync
      </Button>
      <Menu
        trigger={<IconButton label={`More about ${server.name}`} icon={<Ellipsis aria-hidden />} />}
      >
        {server.server_type !== 'stdio' && (
          <MenuItem
            icon={<IdCard aria-hidden />}
            onSelect={() => ask('client')}
          >
            Client for sign-ins
          </MenuItem>
        )}
        <MenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => ask('remove')}>
          Remove server
        </MenuItem>
      </Menu>
      {asking === 'test' && <TestDialog server={server} onClose={() => ask(null)} />}
      {asking === 'client' && <ClientDialog server={server} onClose={() => ask(null)} />}
      {sync.data && 'left_out' in sync.data && sync.data.left_out.length > 0 && (
        <LeftOutDialog
          key={sync.submittedAt}
          name={server.name}
          tools={sync.data.left_out}
        />
      )}
      <RemoveDialog server={server} open={asking === 'remove'} onClose={() => ask(null)} />
    </div>
  )
}

function TestDialog({ server, onClose }: { server: ServerRow; onClose: () => void }) {
  const { state, retry } = useCheck(server.id)
  return (
    <Dialog
      open
      reading
      onOpenChange={(open) => open || onClose()}
      title={`Test of ${server.name}`}
      footer={
        <>
          <Button disabled={state.phase !== 'over'} onClick={retry}>Test again</Button>
          <Button look={state.wantsSignIn ? 'secondary' : 'primary'} onClick={onClose}>
            {state.phase === 'over' ? 'Done' : 'Close'}
          </Button>
        </>
      }
    >
      <CheckView
        state={state}
        remedy={<CheckRemedy server={server} state={state} onSaved={retry} />}
      />
    </Dialog>
  )
}

type RemoveProps = { server: ServerRow; open: boolean; onClose: () => void }

function RemoveDialog({ server, open, onClose }: RemoveProps) {
  const navigate = useNavigate()
  const remove = useRemoveServer(server, () => {
    onClose()
    void navigate({ to: '/settings' })
  })
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={`Remove ${server.name}?`}
      confirmLabel='Remove server'
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      Its tools disappear from everyone’s chats at once, and its credential is deleted. What was
      already run stays in the activity log.
    </ConfirmDialog>
  )
}
