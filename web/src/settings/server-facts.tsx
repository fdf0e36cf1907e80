// Where a server is, what it speaks, and whose account Astra uses there. Only the kind of a credential is known here.
import { type ReactNode, useState } from 'react'
import { Pencil } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { Card } from '@/ui/page.tsx'
import { Switch } from '@/ui/switch.tsx'
import { toast } from '@/ui/toast.tsx'
import { AccountButtons } from './account-buttons.tsx'
import { AccountChoice } from './account-choice.tsx'
import { AccountLine } from './account-line.tsx'
import { accountSentences, accountsUsed, accountWords, teamAccount } from './account-state.ts'
import { EditServerDialog } from './edit-server-dialog.tsx'
import type { MyAccount, ServerRow } from './queries.ts'
import type { ToolCounts } from './tool-queries.ts'
import { useUpdateServer } from './server-changes.ts'
import { fellBack, transportWords } from './server-state.ts'

type Props = { server: ServerRow; admin: boolean; tools: ToolCounts | null; mine: MyAccount | null }

export function ServerFacts(props: Props) {
  const { server, admin } = props
  const [editing, setEditing] = useState(false)
  const stdio = server.server_type === 'stdio'
  return (
    <Card>
      <dl>
        <Fact name='In use'>
          <ActiveSwitch server={server} admin={admin} />
        </Fact>
        <Fact
          name={stdio ? 'Command' : 'Address'}
          action={admin && (
            <Button icon={<Pencil aria-hidden />} onClick={() => setEditing(true)}>Edit</Button>
          )}
        >
          <span className='font-mono text-sm'>{placeWords(server)}</span>
          {server.description && <p className='mt-1 text-sm'>{server.description}</p>}
        </Fact>
        {!stdio && <ReachFacts {...props} />}
        {stdio && teamAccount(server) && (
          <Fact name='Environment'>Stored encrypted. To change it, add the server again.</Fact>
        )}
      </dl>
      {editing && <EditServerDialog server={server} onClose={() => setEditing(false)} />}
    </Card>
  )
}

function placeWords({ config }: ServerRow): string {
  const { url, command, args } = config
  return typeof url === 'string' ? url : [command, ...(Array.isArray(args) ? args : [])].join(' ')
}

/** What it speaks, and whose account Astra uses there. */
function ReachFacts({ server, admin, tools, mine }: Props) {
  const used = accountsUsed(server, tools)
  const team = teamAccount(server)
  const optional = server.connection_status === 'connected'
  return (
    <>
      <Fact name='Protocol'>
        <Speaks server={server} />
      </Fact>
      <Fact name='Whose account'>
        <WhoseAccount server={server} admin={admin} />
      </Fact>
      {(used.includes('team') || team) && (
        <Fact
          name='Team’s account'
          action={admin && (
            <AccountButtons server={server} account='team' held={team} optional={optional} />
          )}
        >
          <AccountLine held={team} none={noTeamAccount(server)} />
        </Fact>
      )}
      {(used.includes('person') || mine) && (
        <Fact
          name='Your account'
          action={<AccountButtons server={server} account='person' held={mine} />}
        >
          <AccountLine held={mine} none='Not connected' since={mine?.connected_at} />
        </Fact>
      )}
    </>
  )
}

function noTeamAccount({ connection_status }: ServerRow): string {
  return connection_status === 'connected' ? 'None: it is open to all' : 'None'
}

/** What the last connection spoke, and where that is not what was asked for. */
function Speaks({ server }: { server: ServerRow }) {
  const { transport, protocol_version, server_type } = server
  if (!transport) return <span className='text-muted'>Known after the first test</span>
  return (
    <>
      <p>
        {transportWords[transport]}
        {protocol_version && <span className='text-muted'>{' '}· MCP {protocol_version}</span>}
      </p>
      {fellBack(server_type, transport) && (
        <p className='mt-1 text-sm text-muted'>
          Streamable HTTP was asked for and did not answer: Astra fell back to the older SSE by
          itself.
        </p>
      )}
    </>
  )
}

function WhoseAccount({ server, admin }: { server: ServerRow; admin: boolean }) {
  const update = useUpdateServer(server)
  if (!admin) {
    return (
      <>
        {accountWords[server.account]}
        <p className='text-sm text-muted'>{accountSentences[server.account]}</p>
      </>
    )
  }
  const now = update.isPending ? update.variables.account ?? server.account : server.account
  return (
    <AccountChoice
      hideLabel
      value={now}
      disabled={update.isPending}
      onChange={(account) =>
        update.mutate({ account }, {
          onError: (error) => toast({ tone: 'bad', text: error.message }),
        })}
    />
  )
}

function Fact(
  { name, action, children }: { name: string; action?: ReactNode; children: ReactNode },
) {
  return (
    <div className='flex flex-wrap items-start gap-x-4 gap-y-1 border-b border-line px-4 py-3 last:border-0'>
      <dt className='w-full text-sm text-muted sm:w-28 sm:leading-[1.6rem]'>{name}</dt>
      <dd className='flex min-w-0 grow basis-60 flex-wrap items-start gap-x-3 gap-y-2'>
        <div className='min-w-0 grow basis-40'>{children}</div>
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
