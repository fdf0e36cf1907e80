// What came of trying a tool: its result, why it failed, or what it waits for.
import type { ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { LogIn } from 'lucide-react'
import type { ExecutionAnswer, ExecutionError, ToolResult } from '@shared/execution.ts'
import { adviceFor, reasonIsResult } from '@/lib/failure-advice.ts'
import { formatDuration } from '@/lib/format.ts'
import { useToolOrigin } from '@/lib/tool-origin.ts'
import { useTeam } from '@/session/team.tsx'
import { Button, ButtonLink } from '@/ui/button.tsx'
import { ContentView } from '@/ui/content/content-view.tsx'
import { Status, type Tone } from '@/ui/status.tsx'
import { toast } from '@/ui/toast.tsx'
import type { ServerRow } from './queries.ts'
import type { ToolRow } from './tool-queries.ts'
import { useConnect } from './use-connect.ts'

type Props = { answer: ExecutionAnswer; name: string; server: ServerRow; tool: ToolRow }

export function Outcome({ answer, name, server, tool }: Props) {
  const { tone, word } = standing(answer)
  const result = answer.result ?? null
  const origin = useToolOrigin({ team_id: useTeam().team_id, tool_id: tool.id, result })
  return (
    <section className='border-t border-line pt-4'>
      <div className='mb-3 flex flex-wrap items-center gap-x-4 gap-y-1'>
        <h3 className='sr-only'>Result</h3>
        <Status tone={tone}>{word}</Status>
        {!answer.status.startsWith('awaiting') && (
          <span className='text-sm text-muted'>{formatDuration(answer.duration_ms)}</span>
        )}
        <Link
          to='/activity/$executionId'
          params={{ executionId: answer.execution_id }}
          className='inline-flex min-h-control items-center text-sm text-accent underline'
        >
          See it in the activity log
        </Link>
      </div>
      {answer.status === 'awaiting_auth' && (
        <WaitsForSignIn answer={answer} server={server} tool={tool} />
      )}
      {answer.status === 'awaiting_approval' && <WaitsForApproval answer={answer} />}
      {answer.status === 'awaiting_input' && <WaitsForAnswer answer={answer} />}
      {answer.error && <Failure error={answer.error} result={answer.result ?? null} />}
      {answer.result && <ContentView result={answer.result} name={name} origin={origin} />}
    </section>
  )
}

function standing({ status }: ExecutionAnswer): { tone: Tone; word: string } {
  switch (status) {
    case 'success':
      return { tone: 'ok', word: 'Done' }
    case 'awaiting_auth':
      return { tone: 'warn', word: 'Waits for a sign-in' }
    case 'awaiting_approval':
      return { tone: 'warn', word: 'Waits for an approval' }
    case 'awaiting_input':
      return { tone: 'warn', word: 'Waits for your answer' }
    case 'pending':
    case 'running':
      return { tone: 'busy', word: 'Still running' }
    default:
      return { tone: 'bad', word: 'Did not work' }
  }
}

type SignInProps = { answer: ExecutionAnswer; server: ServerRow; tool: ToolRow }

/** Without a link only an admin can sign in, for the whole team. */
function WaitsForSignIn({ answer, server, tool }: SignInProps) {
  const { connect, busy } = useConnect({
    server_id: server.id,
    account: tool.account ?? server.account,
    // There one sees it go on.
    returnTo: `/activity/${answer.execution_id}`,
    onError: (error) => toast({ tone: 'bad', text: error.message }),
  })
  if (!answer.authorization_url) {
    return (
      <Waiting>
        {server.name}{' '}
        wants a sign-in for the team, which only an admin can do. It goes on by itself after that.
      </Waiting>
    )
  }
  const button = (
    <Button look='primary' busy={busy} icon={<LogIn aria-hidden />} onClick={connect}>
      Sign in
    </Button>
  )
  return (
    <Waiting action={button}>
      {server.name} wants a sign-in first. It goes on by itself after that.
    </Waiting>
  )
}

function WaitsForApproval({ answer }: { answer: ExecutionAnswer }) {
  return (
    <Waiting>
      {answer.approval?.needs === 'admin'
        ? 'An admin of your team has to approve it. It goes on by itself after that, and the bell tells you.'
        : 'You have to approve it, in the activity log.'}
    </Waiting>
  )
}

function WaitsForAnswer({ answer }: { answer: ExecutionAnswer }) {
  const button = (
    <ButtonLink look='primary'>
      <Link to='/activity/$executionId' params={{ executionId: answer.execution_id }}>
        Answer it
      </Link>
    </ButtonLink>
  )
  return (
    <Waiting action={button}>
      {answer.input?.message ?? 'It asks something before it goes on.'}
    </Waiting>
  )
}

function Waiting({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className='mb-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-warn-soft px-3 py-2 text-sm'>
      <p className='min-w-0 grow basis-60'>{children}</p>
      {action}
    </div>
  )
}

function Failure({ error, result }: { error: ExecutionError; result: ToolResult | null }) {
  const { code, message } = error
  return (
    <div className='mb-3 rounded-control bg-bad-soft px-3 py-2 text-sm'>
      {!reasonIsResult({ code, result }) && <p className='mb-1 font-medium'>{message}</p>}
      <p>{adviceFor(code)}</p>
    </div>
  )
}
