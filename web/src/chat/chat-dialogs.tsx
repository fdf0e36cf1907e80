// The questions about a chat: its new name, whether others may see it, whether it may go.
import { type ReactNode, useState } from 'react'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog, Dialog } from '@/ui/dialog.tsx'
import { FormError } from '@/ui/field.tsx'
import { TextField } from '@/ui/text-field.tsx'
import type { Asked, ChatChanges } from './use-chat-wishes.tsx'

type Props = ChatChanges & { asked: Asked; onClose: () => void }

export function ChatDialog(props: Props) {
  switch (props.asked.wish) {
    case 'rename':
      return <RenameChat {...props} />
    case 'share':
      return <ShareChat {...props} />
    case 'hide':
      return <HideChat {...props} />
    case 'delete':
      return <DeleteChat {...props} />
  }
}

function RenameChat({ asked: { chat }, change, onClose }: Props) {
  const [title, setTitle] = useState(chat.title)
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title='Rename chat'>
      <form
        className='flex flex-col gap-4'
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ id: chat.id, title: title.trim() })
        }}
      >
        <TextField
          label='Name'
          required
          autoFocus
          maxLength={120}
          value={title}
          onValue={setTitle}
          onFocus={(event) => event.target.select()}
        />
        <FormError>{change.error?.message}</FormError>
        <Button
          type='submit'
          look='primary'
          busy={change.isPending}
          disabled={!title.trim()}
          className='self-end'
        >
          Rename
        </Button>
      </form>
    </Dialog>
  )
}

type ConfirmProps = Pick<Props, 'onClose'> & {
  title: string
  confirmLabel: string
  danger?: boolean
  mutation: { isPending: boolean; error: Error | null }
  onConfirm: () => void
  children: ReactNode
}

function Confirm({ mutation, onClose, children, ...asked }: ConfirmProps) {
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => open || onClose()}
      busy={mutation.isPending}
      {...asked}
    >
      <div className='flex flex-col gap-2'>{children}</div>
      <FormError>{mutation.error?.message}</FormError>
    </ConfirmDialog>
  )
}

function ShareChat({ asked: { chat }, change, onClose }: Props) {
  const { team_name } = useTeam()
  return (
    <Confirm
      title={`Share with ${team_name}?`}
      confirmLabel='Share'
      mutation={change}
      onConfirm={() => change.mutate({ id: chat.id, visibility: 'team' })}
      onClose={onClose}
    >
      <p>
        Everyone in {team_name} will read everything in <strong>{chat.title}</strong>{' '}
        from its beginning, the results of tools and attached files included, and may write in it.
      </p>
      <p>
        You can make it private again. What has been read by then, has been read.
      </p>
    </Confirm>
  )
}

function HideChat({ asked: { chat }, change, onClose }: Props) {
  const { team_name } = useTeam()
  return (
    <Confirm
      title='Make this chat private?'
      confirmLabel='Make private'
      mutation={change}
      onConfirm={() => change.mutate({ id: chat.id, visibility: 'private' })}
      onClose={onClose}
    >
      <p>
        From now on only you will see <strong>{chat.title}</strong>. Others in {team_name}{' '}
        lose sight of it at once; what they wrote in it stays here, with you.
      </p>
    </Confirm>
  )
}

function DeleteChat({ asked: { chat }, remove, onClose }: Props) {
  const { team_name } = useTeam()
  return (
    <Confirm
      title='Delete this chat?'
      confirmLabel='Delete chat'
      danger
      mutation={remove}
      onConfirm={() => remove.mutate(chat.id)}
      onClose={onClose}
    >
      <p>
        <strong>{chat.title}</strong>{' '}
        and its messages will be gone for good{chat.visibility === 'team' &&
          <>, for everyone in {team_name}</>}. The record of the tools it used stays in the team’s
        activity.
      </p>
    </Confirm>
  )
}
