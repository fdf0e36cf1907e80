// A call that goes on by itself once someone has signed in at its server: whose sign-in, and the way there.
import { LogIn } from 'lucide-react'
import type { Account } from '@shared/execution.ts'
import { useOnline } from '@/lib/reach.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { Button } from '@/ui/button.tsx'
import { FormError } from '@/ui/field.tsx'
import { Status } from '@/ui/status.tsx'

type Props = {
  /** Null while it is not known. */
  account: Account | null
  serverName: string
  /** May connect the team’s account. */
  admin: boolean
  signIn: Waiting['signIn']
}

export function SignInQuestion({ account, serverName, admin, signIn }: Props) {
  const online = useOnline()
  if (account === null) return <Status tone='busy'>Looking whose sign-in is missing</Status>
  if (account === 'team' && !admin) {
    return (
      <p className='text-sm text-muted'>
        It uses the team’s account, which only an admin can connect. It goes on by itself as soon as
        one has; you need not stay here.
      </p>
    )
  }
  return (
    <>
      <p className='mb-3 text-sm text-muted'>
        {account === 'team'
          ? 'It uses the team’s account: whoever may run this tool will use the account you sign in with. '
          : 'It uses an account of your own. '}
        You come back here, and the call goes on by itself.
      </p>
      <Button
        look='primary'
        icon={<LogIn aria-hidden />}
        // Until the other page is there.
        busy={signIn.isPending || signIn.isSuccess}
        disabled={!online}
        onClick={() => signIn.mutate(account)}
        className='max-w-full !shrink'
      >
        <span className='truncate'>Sign in to {serverName}</span>
      </Button>
      <div className='mt-3 empty:hidden'>
        {signIn.error && <FormError>{signIn.error.message}</FormError>}
        {!online && <p className='text-xs text-muted'>Offline. Signing in needs a connection.</p>}
      </div>
    </>
  )
}
