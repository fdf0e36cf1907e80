// Everything about one execution: what was asked, what came back, by whom, when, how long, and why it failed.
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ChevronLeft, RotateCw, SearchX } from 'lucide-react'
import { formatDuration } from '@/lib/format.ts'
import { adviceFor, reasonIsResult, sideWords } from '@/lib/failure-advice.ts'
import { useToolOrigin } from '@/lib/tool-origin.ts'
import { administers } from '@/lib/roles.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { AsOf } from '@/ui/as-of.tsx'
import { Button, ButtonLink } from '@/ui/button.tsx'
import { readResource } from '@/lib/read-resource.ts'
import { ContentView } from '@/ui/content/content-view.tsx'
import { ValueView } from '@/ui/content/value-view.tsx'
import { EmptyState, FailedState } from '@/ui/empty-state.tsx'
import { FailureFixes } from '@/ui/failure/failure-fixes.tsx'
import { Card, Page, Section } from '@/ui/page.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { Status, type Tone } from '@/ui/status.tsx'
import { Time } from '@/ui/time.tsx'
import { KeepFocus } from '@/ui/waiting/keep-focus.tsx'
import { Attempts, Facts } from './execution-facts.tsx'
import { UnderWay } from './execution-under-way.tsx'
import { isOpen, wordsFor } from './execution-words.ts'
import { executionQuery, type ExecutionRow, toolNameOf } from './queries.ts'
import { RunAgainDialog } from './run-again-dialog.tsx'

export function ExecutionPage() {
  const { team_id } = useTeam()
  const { executionId = '' } = useParams({ strict: false })
  const execution = useQuery(executionQuery(team_id, executionId))
  if (execution.isPending) {
    return (
      <Page title={<Skeleton className='h-7 w-48' />} back={<Back />}>
        <Skeleton className='h-28 rounded-card' />
        <Skeleton className='mt-8 h-40 rounded-card' />
      </Page>
    )
  }
  if (execution.isError && execution.data === undefined) {
    return (
      <Page title='Execution' back={<Back />}>
        <FailedState
          title='This execution could not be read'
          error={execution.error}
          onRetry={() => void execution.refetch()}
        />
      </Page>
    )
  }
  if (!execution.data) return <Missing />
  return (
    <Found
      key={execution.data.id}
      execution={execution.data}
      seenAt={execution.dataUpdatedAt}
    />
  )
}

function Found({ execution, seenAt }: { execution: ExecutionRow; seenAt: number }) {
  const [again, setAgain] = useState(false)
  const name = toolNameOf(execution)
  const { tone, word } = wordsFor(execution)
  const hindrance = hindranceOf(execution)
  return (
    <Page
      wide
      title={name}
      back={<Back />}
      subtitle={
        <span className='flex flex-wrap items-center gap-x-3 gap-y-1'>
          <Status tone={tone}>{word}</Status>
          <Took execution={execution} />
          <Time at={execution.executed_at} />
        </span>
      }
      actions={
        <Button
          icon={<RotateCw aria-hidden />}
          disabled={hindrance !== null}
          onClick={() => setAgain(true)}
        >
          Run again
        </Button>
      }
    >
      <title>{`${name} · Activity · Astra`}</title>
      <AsOf at={seenAt} className='mb-4' />
      {hindrance && <p className='mb-4 text-sm text-muted'>{hindrance}</p>}
      <KeepFocus shows={execution.status}>
        <div className='mb-6 max-w-3xl rounded-card border border-line bg-raised empty:hidden'>
          <UnderWay execution={execution} heading='h2' />
        </div>
        <Failure execution={execution} />
      </KeepFocus>
      <div className='grid gap-8 lg:grid-cols-[minmax(0,1fr)_18rem] lg:items-start'>
        <div>
          <Section title='Arguments'>
            <Card className='p-4'>
              {Object.keys(execution.input_parameters).length === 0
                ? <p className='text-sm text-muted'>None: this tool was run as it is.</p>
                : <ValueView value={execution.input_parameters} name='Arguments' />}
            </Card>
          </Section>
          <Section title='Result'>
            <Result execution={execution} name={name} />
          </Section>
          <Attempts attempts={execution.attempts} />
        </div>
        <div>
          <Facts execution={execution} />
        </div>
      </div>
      {again && (
        <RunAgainDialog
          execution={execution}
          name={name}
          onClose={() => setAgain(false)}
        />
      )}
    </Page>
  )
}

function Took({ execution: { duration_ms, cached_at } }: { execution: ExecutionRow }) {
  if (cached_at) return <span>cached</span>
  return duration_ms === null ? null : <span>{formatDuration(duration_ms)}</span>
}

/** Why it cannot run again, in a sentence, or null. The function decides; this spares a useless try. */
function hindranceOf({ mcp_tools, mcp_servers }: ExecutionRow): string | null {
  if (!mcp_tools || !mcp_servers) return 'It cannot run again: its tool is gone.'
  if (mcp_servers.removed_at) return 'It cannot run again: its server was removed.'
  if (mcp_tools.removed_at) return 'It cannot run again: the server no longer offers this tool.'
  if (!mcp_servers.is_active) return 'It cannot run again: its server is switched off.'
  if (!mcp_tools.is_enabled) return 'It cannot run again: this tool is switched off.'
  return mcp_tools.policy === 'deny' ? 'It cannot run again: the team’s rules forbid it.' : null
}

const softs: Record<Tone, string> = {
  ok: 'bg-surface',
  info: 'bg-surface',
  busy: 'bg-surface',
  muted: 'bg-surface',
  warn: 'bg-warn-soft',
  bad: 'bg-bad-soft',
}

function Failure({ execution }: { execution: ExecutionRow }) {
  const mine = execution.user_id === useSession().id
  const { status, error_code: code, output_result: result } = execution
  const { team_id, role } = useTeam()
  const { sentence, tone, word } = wordsFor(execution)
  // The sentence of a no is written for its own person.
  const told = code === 'rejected' && !mine ? null : execution.error_message
  const text = told ?? sentence
  if (!text || isOpen(status)) return null
  const { mcp_servers, server_id } = execution
  const cause = word === 'Expired' ? 'cancelled' : code
  const side = sideWords(cause)
  return (
    <div className={`mb-6 rounded-control px-4 py-3 ${softs[tone]}`}>
      {!reasonIsResult({ code, result }) && <p className='mb-1 font-medium'>{text}</p>}
      <p className='text-sm'>
        {side && <strong className='font-medium'>{side}.{' '}</strong>}
        {adviceFor(cause)}
      </p>
      {cause && (
        <FailureFixes
          code={cause}
          reason={text}
          team_id={team_id}
          tool={toolNameOf(execution)}
          server={mcp_servers && !mcp_servers.removed_at
            ? { id: server_id, name: mcp_servers.name }
            : null}
          executionId={execution.id}
          admin={administers(role)}
        />
      )}
    </div>
  )
}

function Result({ execution, name }: { execution: ExecutionRow; name: string }) {
  const { team_id, server_id, tool_id, output_result: result } = execution
  const origin = useToolOrigin({ team_id, tool_id, result })
  if (isOpen(execution.status)) {
    return (
      <p className='text-sm text-muted'>Nothing yet. This page shows it as soon as it is there.</p>
    )
  }
  if (!result) {
    return <p className='text-sm text-muted'>The server sent nothing back.</p>
  }
  return (
    <Card className='p-4'>
      <ContentView
        result={result}
        origin={origin}
        name={name}
        read={(uri) => readResource({ team_id, server_id, uri })}
      />
    </Card>
  )
}

function Missing() {
  return (
    <Page title='Execution' back={<Back />}>
      <EmptyState
        icon={<SearchX aria-hidden />}
        title='This execution is not here'
        action={
          <ButtonLink>
            <Link to='/activity'>All activity</Link>
          </ButtonLink>
        }
      >
        It belongs to someone else or to another of your teams. Analysts and admins see everyone’s.
      </EmptyState>
    </Page>
  )
}

function Back() {
  return (
    <Link
      to='/activity'
      className='-ml-1 inline-flex min-h-control items-center gap-0.5 text-muted hover:text-text'
    >
      <ChevronLeft aria-hidden className='size-4' />
      Activity
    </Link>
  )
}
