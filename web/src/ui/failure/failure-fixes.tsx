// What a person can do about a call that failed, one tap each: run it again, change it, sign in, or ask an admin.
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LifeBuoy, LogIn, PencilLine, RotateCw, Settings2 } from 'lucide-react'
import { leaveToSignIn } from '@/lib/connect.ts'
import { type Fix, fixesFor, mayHaveRunWarning } from '@/lib/failure-advice.ts'
import { formatDuration } from '@/lib/format.ts'
import { useShownAgain } from '@/lib/use-shown-again.ts'
import { Button, ButtonLink } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/dialog.tsx'
import { FormError } from '@/ui/field.tsx'
import { useTimeLeft } from './use-time-left.ts'

const AskAdminDialog = lazy(() =>
  import('./ask-admin-dialog.tsx').then(({ AskAdminDialog }) => ({ default: AskAdminDialog }))
)

type Props = {
  code: string | null
  reason: string
  team_id: string
  tool: string
  server: { id: string; name: string } | null
  executionId: string | null
  /** Before this it would only be refused again. */
  retryAt?: string | null
  /** Reads this. */
  admin: boolean
  /** Left out where it cannot run again. */
  onAgain?: () => void
  onChange?: () => void
}

export function FailureFixes(props: Props) {
  const { code, server, admin, onAgain, onChange, retryAt = null } = props
  const signIn = useSignIn(props)
  const buttons: Record<Fix, ReactNode> = {
    sign_in: server && (
      <Button
        key='sign_in'
        look='primary'
        icon={<LogIn aria-hidden />}
        busy={signIn.isPending || signIn.isSuccess}
        onClick={() => signIn.mutate(server.id)}
      >
        Sign in
      </Button>
    ),
    change: onChange && (
      <Button key='change' icon={<PencilLine aria-hidden />} onClick={onChange}>
        Change and run
      </Button>
    ),
    again: onAgain && <Again key='again' retryAt={retryAt} onAgain={onAgain} />,
    again_with_care: onAgain && <AgainWithCare key='care' tool={props.tool} onAgain={onAgain} />,
    admin: admin
      ? server && <ToServer key='admin' server={server} />
      : <AskAdmin key='admin' {...props} />,
  }
  const offered = fixesFor(code).map((fix) => buttons[fix]).filter(Boolean)
  if (offered.length === 0) return null
  return (
    <div className='mt-2 flex flex-col gap-2'>
      <div className='flex flex-wrap gap-2'>{offered}</div>
      {signIn.error && <FormError>{signIn.error.message}</FormError>}
    </div>
  )
}

function Again({ retryAt, onAgain }: { retryAt: string | null; onAgain: () => void }) {
  const left = useTimeLeft(retryAt)
  return (
    <Button icon={<RotateCw aria-hidden />} disabled={left > 0} onClick={onAgain}>
      {left > 0 ? `Try again in ${formatDuration(left * 1_000)}` : 'Try again'}
    </Button>
  )
}

function useSignIn({ team_id }: Props) {
  const signIn = useMutation({
    mutationFn: (server_id: string) =>
      leaveToSignIn({ team_id, server_id, return_to: location.pathname }),
  })
  useShownAgain(signIn.reset)
  return signIn
}

/** It may have taken effect already: a second time is a decision. */
function AgainWithCare({ tool, onAgain }: { tool: string; onAgain: () => void }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button icon={<RotateCw aria-hidden />} onClick={() => setAsking(true)}>Try again</Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Run ${tool} a second time?`}
        confirmLabel='Run it again'
        onConfirm={() => {
          setAsking(false)
          onAgain()
        }}
      >
        {mayHaveRunWarning}
      </ConfirmDialog>
    </>
  )
}

function ToServer({ server }: { server: NonNullable<Props['server']> }) {
  return (
    <ButtonLink className='max-w-full !shrink'>
      <Link to='/settings/servers/$serverId' params={{ serverId: server.id }}>
        <Settings2 aria-hidden />
        <span className='truncate'>Settings of {server.name}</span>
      </Link>
    </ButtonLink>
  )
}

function AskAdmin({ reason, team_id, tool, server, executionId }: Props) {
  const [open, setOpen] = useState(false)
  const path = executionId
    ? `/activity/${executionId}`
    : server
    ? `/settings/servers/${server.id}`
    : '/settings'
  const link = new URL(path, location.origin).href
  return (
    <>
      <Button icon={<LifeBuoy aria-hidden />} onClick={() => setOpen(true)}>Ask an admin</Button>
      {open && (
        <Suspense>
          <AskAdminDialog
            team_id={team_id}
            request={{ tool, server: server?.name ?? null, reason, link }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  )
}
