// The signing secret of a webhook, shown once: Astra cannot show it again, to anyone.
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Dialog } from '@/ui/dialog.tsx'

export function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title='The signing secret'
      description='Shown this once. Keep it where your program keeps its secrets.'
      footer={<Button look='primary' onClick={onClose}>I have kept it</Button>}
    >
      <div className='flex items-center gap-1 rounded-control border border-edge bg-surface py-1 pr-1 pl-3'>
        <code className='min-w-0 grow font-mono text-sm break-all'>{secret}</code>
        <CopyButton label='Copy the secret' text={() => secret} />
      </div>
      <p className='mt-4 text-sm'>
        With it your program knows that a delivery is from Astra. Give it to any{' '}
        <a
          href='https://www.standardwebhooks.com'
          target='_blank'
          rel='noreferrer'
          className='text-accent underline'
        >
          Standard Webhooks
        </a>{' '}
        library, together with the body as it arrived and the headers <Code>webhook-id</Code>,{' '}
        <Code>webhook-timestamp</Code> and{' '}
        <Code>webhook-signature</Code>. Without a library: the signature is the Base64 of
        HMAC-SHA256 over “id.timestamp.body”, keyed with what follows{' '}
        <Code>whsec_</Code>, decoded from Base64.
      </p>
    </Dialog>
  )
}

function Code({ children }: { children: string }) {
  return <code className='font-mono text-[0.8125rem]'>{children}</code>
}
