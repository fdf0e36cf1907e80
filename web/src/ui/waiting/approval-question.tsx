// A call that runs only with somebody’s yes: what it is, with exactly which arguments, and the answers. Whoever
// may not give the yes is told who can, and may call it off.
import { type KeyboardEvent, useState } from 'react'
import { hashKey } from '@tanstack/react-query'
import { Hand, ShieldAlert } from 'lucide-react'
import type { ApprovalRequest } from '@shared/execution.ts'
import type { JsonSchema } from '@shared/tool.ts'
import { useTouch } from '@/lib/device.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { Button } from '@/ui/button.tsx'
import { ApprovalAnswers, type Deciding } from './approval-answers.tsx'
import { ApprovalForm } from './approval-form.tsx'
import { Expiry } from './expiry.tsx'
import { KeepFocus } from './keep-focus.tsx'
import { RefusalNote } from './refusal-note.tsx'
import { ShownArguments } from './shown-arguments.tsx'
import { WaitingFrame } from './waiting-frame.tsx'

export type AskedCall = {
  tool: string
  server: string
  parameters: Record<string, unknown>
  /** What its arguments may be; null where that is not known. */
  schema: JsonSchema | null
  /** Whose call it is; null for the reader’s own. */
  of: string | null
  /** Astra came up with it in a chat; otherwise its person did. */
  proposed: boolean
}

type Props = {
  asked: ApprovalRequest
  call: AskedCall
  waiting: Pick<Waiting, 'decide' | 'cancel'>
  admin: boolean
  heading: 'h2' | 'h3'
}

export function ApprovalQuestion({ asked, call, waiting, admin, heading }: Props) {
  const { decide, cancel } = waiting
  const touch = useTouch()
  const [editing, setEditing] = useState(false)
  const [always, setAlways] = useState(false)
  const may = asked.needs === 'self' || admin
  const approve = (parameters?: Record<string, unknown>) => {
    const changed = parameters && hashKey([parameters]) !== hashKey([call.parameters])
    decide.mutate({ decision: 'approve', always, ...(changed && { parameters }) })
  }
  const deciding: Deciding = {
    decide,
    onApprove: () => approve(),
    onReject: () => decide.mutate({ decision: 'reject' }),
    onEdit: isEditable(call) ? () => setEditing(true) : null,
  }
  const frame = { icon: <Hand aria-hidden />, title: <Title call={call} may={may} />, heading }
  if (!may) {
    return (
      <WaitingFrame {...frame}>
        <Terms asked={asked} call={call} may={may} />
        <ShownArguments values={call.parameters} />
        <Button busy={cancel.isPending} onClick={() => cancel.mutate()} className='mt-3'>
          Cancel this call
        </Button>
        <RefusalNote error={cancel.error} />
      </WaitingFrame>
    )
  }
  return (
    <WaitingFrame {...frame} onKeyDown={keysOf(deciding, editing)}>
      <Terms asked={asked} call={call} may={may} />
      <KeepFocus shows={String(editing)}>
        {editing && call.schema
          ? (
            <ApprovalForm
              call={call}
              schema={call.schema}
              decide={decide}
              focused={!touch}
              onApprove={approve}
              onBack={() => setEditing(false)}
            />
          )
          : (
            <>
              <ShownArguments values={call.parameters} />
              <ApprovalAnswers
                {...deciding}
                always={asked.allows_always ? { checked: always, onChange: setAlways } : null}
              />
            </>
          )}
      </KeepFocus>
    </WaitingFrame>
  )
}

function isEditable({ schema, parameters }: AskedCall): boolean {
  if (schema === null) return false
  return Object.keys({ ...parameters, ...(schema.properties as object | undefined) }).length > 0
}

/** A, E and R, only while the focus is on the card, and never while something is being written in it. */
function keysOf({ decide, onApprove, onEdit, onReject }: Deciding, editing: boolean) {
  const actions: Record<string, (() => void) | null> = { a: onApprove, e: onEdit, r: onReject }
  return (event: KeyboardEvent<HTMLElement>) => {
    const { target, ctrlKey, metaKey, altKey, repeat } = event
    const writing = target instanceof Element &&
      target.matches('input:not([type=checkbox]), textarea, select')
    const run = actions[event.key.toLowerCase()]
    if (!run || editing || writing || ctrlKey || metaKey || altKey || repeat) return
    event.preventDefault()
    if (!decide.isPending) run()
  }
}

function Title({ call: { tool, server, of, proposed }, may }: { call: AskedCall; may: boolean }) {
  const name = (
    <>
      <strong className='font-semibold'>{tool}</strong> in{' '}
      <strong className='font-semibold'>{server}</strong>
    </>
  )
  if (!may) return <>An admin has to approve {name}</>
  if (of === null) return proposed ? <>Astra wants to run {name}</> : <>Run {name}?</>
  return proposed ? <>Astra wants to run {name} for {of}</> : <>{of} wants to run {name}</>
}

type TermsProps = { asked: ApprovalRequest; call: AskedCall; may: boolean }

/** Why it is asked, who may say yes, and until when. */
function Terms({ asked, call, may }: TermsProps) {
  const terms = whoMay({ asked, call, may })
  return (
    <>
      {asked.reason === 'outside' && (
        <p className='mb-2 flex gap-2 text-sm'>
          <ShieldAlert aria-hidden className='mt-0.5 size-4 shrink-0 text-warn' />
          This chat has read content from outside. Astra asks before anything can be sent on.
        </p>
      )}
      <p className='mb-3 text-sm text-muted'>
        {terms} <Expiry at={asked.expires_at} />
      </p>
    </>
  )
}

function whoMay({ asked, call, may }: TermsProps): string {
  if (asked.needs === 'self') {
    return asked.reason === 'outside'
      ? 'Look at what would be sent, and where.'
      : 'Your team wants you to look at it first.'
  }
  if (!may) return 'It runs by itself as soon as one has; you need not stay here.'
  return call.of === null
    ? 'Only an admin may approve this tool, and you are one.'
    : `Only an admin may approve this tool. It runs as ${call.of}.`
}
