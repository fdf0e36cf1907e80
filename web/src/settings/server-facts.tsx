// Where a server is and how Astra signs in to it. Only the kind of a credential is known here, never the credential.
import { type ReactNode, useState } from 'react'
import { KeyRound, Pencil } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { Card } from '@/ui/page.tsx'
import { Switch } from '@/ui/switch.tsx'
import { toast } from '@/ui/toast.tsx'
import { CredentialDialog } from './credential-dialog.tsx'
import { credentialWords } from './credential-draft.ts'
import { EditServerDialog } from './edit-server-dialog.tsx'
import type { ServerRow } from './queries.ts'
import { useUpdateServer } from './server-changes.ts'
import { kindWords, transportWords } from './server-state.ts'

export function ServerFacts({ server, admin }: { server: ServerRow; admin: boolean }) {
  const [open, setOpen] = useState<'edit' | 'credential' | null>(null)
  const { url, command, args } = server.config
  const address = typeof url === 'string'
    ? url
    : [command, ...(Array.isArray(args) ? args : [])].join(' ')
  const spoken = [
    server.transport ? transportWords[server.transport] : kindWords[server.server_type],
    server.protocol_version && `MCP ${server.protocol_version}`,
  ]
  return (
    <Card>
      <dl>
        <Fact name='In use'>
          <ActiveSwitch server={server} admin={admin} />
        </Fact>
        <Fact
          name='Address'
          action={admin && (
            <Button icon={<Pencil aria-hidden />} onClick={() => setOpen('edit')}>Edit</Button>
          )}
        >
          <span className='font-mono text-sm'>{address}</span>
          {server.description && <p className='mt-1 text-sm'>{server.description}</p>}
          <p className='mt-1 text-sm text-muted'>{spoken.filter(Boolean).join(' · ')}</p>
        </Fact>
        <Fact
          name='Sign-in'
          action={admin && server.server_type !== 'stdio' && (
            <Button
              icon={<KeyRound aria-hidden />}
              onClick={() => setOpen('credential')}
            >
              {server.credential_type ? 'Replace' : 'Set'}
            </Button>
          )}
        >
          {server.credential_type
            ? credentialWords[server.credential_type]
            : 'None: it is open to all'}
        </Fact>
      </dl>
      {open === 'edit' && <EditServerDialog server={server} onClose={() => setOpen(null)} />}
      {open === 'credential' && <CredentialDialog server={server} onClose={() => setOpen(null)} />}
    </Card>
  )
}

function Fact(
  { name, action, children }: { name: string; action?: ReactNode; children: ReactNode },
) {
  return (
    <div className='flex flex-wrap items-start gap-x-4 gap-y-1 border-b border-line px-4 py-3 last:border-0'>
      <dt className='w-full text-sm text-muted sm:w-28 sm:leading-[1.6rem]'>{name}</dt>
      <dd className='flex min-w-0 grow basis-60 items-start gap-3'>
        <div className='min-w-0 grow'>{children}</div>
        {action}
      </dd>
    </div>
  )
}

function ActiveSwitch({ server, admin }: { server: ServerRow; admin: boolean }) {
  const update = useUpdateServer(server)
  const on = update.isPending ? update.variables.is_active ?? server.is_active : server.is_active
  const set = (is_active: boolean) =>
    update.mutate({ is_active }, {
      onError: (error) => toast({ tone: 'bad', text: error.message }),
    })
  if (!admin) return <>{server.is_active ? 'Yes' : 'No: an admin switched it off'}</>
  return (
    <label className='flex min-h-control w-fit items-center gap-3'>
      <Switch checked={on} disabled={update.isPending} onCheckedChange={set} aria-label='In use' />
      {on ? 'Yes, the team may use it' : 'No, nobody can use it'}
    </label>
  )
}
