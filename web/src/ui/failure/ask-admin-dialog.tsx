// Who can mend it, and a message to them that is written already: by mail, by whatever this device shares with, or
// copied. Astra sends nothing by itself.
import { useQuery } from '@tanstack/react-query'
import { Mail, Share2 } from 'lucide-react'
import { adminsQuery } from '@/lib/admins.ts'
import { Button, ButtonLink } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { FormError } from '@/ui/field.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { mailTo, type Request, requestText } from './request.ts'

type Props = { team_id: string; request: Request; onClose: () => void }

export function AskAdminDialog({ team_id, request, onClose }: Props) {
  const admins = useQuery(adminsQuery(team_id))
  const text = requestText(request)
  const subject = `Astra: ${request.tool}`
  const addresses = admins.data?.flatMap(({ email }) => email ?? []) ?? []
  const canShare = typeof navigator.share === 'function'
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title='Ask an admin'
      description='Astra sends nothing by itself. Send them this, any way you like.'
      footer={
        <>
          {canShare && (
            <Button
              icon={<Share2 aria-hidden />}
              // Closed without sharing: nothing to say.
              onClick={() => void navigator.share({ title: subject, text }).catch(() => {})}
            >
              Share
            </Button>
          )}
          {addresses.length > 0 && (
            <ButtonLink look='primary'>
              <a href={mailTo(addresses, { subject, body: text })}>
                <Mail aria-hidden />
                Write an e-mail
              </a>
            </ButtonLink>
          )}
        </>
      }
    >
      <h3 className='text-sm font-medium'>Admins of your team</h3>
      {admins.isPending && <Skeleton className='mt-2 h-6 w-40' />}
      {admins.error && <FormError>{admins.error.message}</FormError>}
      <ul className='mt-1 text-sm'>
        {admins.data?.map(({ id, name, email }) => (
          <li key={id} className='py-0.5'>
            {name}
            {email && email !== name && <span className='text-muted'>{' · '}{email}</span>}
          </li>
        ))}
      </ul>
      <div className='mt-4 flex items-start gap-1 rounded-control bg-surface py-1 pr-1 pl-3'>
        <p className='min-w-0 grow py-2 text-sm [overflow-wrap:anywhere] whitespace-pre-wrap'>
          {text}
        </p>
        <CopyButton label='Copy the message' text={() => text} />
      </div>
    </Dialog>
  )
}
