// Taking an account away from a server: Astra forgets its secret, and tells the server where it can.
import type { Account } from '@shared/execution.ts'
import { ConfirmDialog } from '@/ui/dialog.tsx'
import { toast } from '@/ui/toast.tsx'
import type { ServerRow } from './queries.ts'
import { useSetCredential } from './server-changes.ts'

type Props = { server: ServerRow; account: Account; open: boolean; onClose: () => void }

export function DisconnectDialog({ server, account, open, onClose }: Props) {
  const save = useSetCredential(server)
  const whose = account === 'team' ? 'the team’s account' : 'your account'
  const disconnect = () =>
    save.mutate({ credential: null, account }, {
      onSuccess: () => {
        onClose()
        toast({ tone: 'ok', text: `${server.name}: ${whose} is disconnected.` })
      },
      onError: (error) => toast({ tone: 'bad', text: error.message }),
    })
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={`Disconnect ${whose} from ${server.name}?`}
      confirmLabel='Disconnect'
      danger
      busy={save.isPending}
      onConfirm={disconnect}
    >
      {account === 'team'
        ? 'Astra forgets it. Tools that use it stop working for everyone until an admin connects it again.'
        : 'Astra forgets it. Tools that use it stop working for you until you connect it again; nobody else notices.'}
    </ConfirmDialog>
  )
}
