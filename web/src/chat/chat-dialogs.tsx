// The two questions about a chat: its new name, and whether to delete it.
import { useState } from 'react'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog, Dialog } from '@/ui/dialog.tsx'
import { FormError } from '@/ui/field.tsx'
import { TextField } from '@/ui/text-field.tsx'
import type { RemoveMutation, RenameMutation } from './chat-list.tsx'
import type { ChatRow } from './queries.ts'

type RenameProps = { chat: ChatRow; mutation: RenameMutation; onClose: () => void }

export function RenameChat({ chat, mutation, onClose }: RenameProps) {
  const [title, setTitle] = useState(chat.title)
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title='Rename chat'>
      <form
        className='flex flex-col gap-4'
        onSubmit={(event) => {
          event.preventDefault()
          mutation.mutate({ id: chat.id, title: title.trim() })
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
        <FormError>{mutation.error?.message}</FormError>
        <Button
          type='submit'
          look='primary'
          busy={mutation.isPending}
          disabled={!title.trim()}
          className='self-end'
        >
          Rename
        </Button>
      </form>
    </Dialog>
  )
}

export function DeleteChat(
  { chat, mutation, onClose }: { chat: ChatRow; mutation: RemoveMutation; onClose: () => void },
) {
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => open || onClose()}
      title='Delete this chat?'
      confirmLabel='Delete chat'
      danger
      busy={mutation.isPending}
      onConfirm={() => mutation.mutate(chat.id)}
    >
      <p>
        <strong>{chat.title}</strong>{' '}
        and its messages will be gone for good. The record of the tools it used stays in the team’s
        activity.
      </p>
      <FormError>{mutation.error?.message}</FormError>
    </ConfirmDialog>
  )
}
