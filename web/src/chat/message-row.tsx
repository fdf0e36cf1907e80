// One message in its place: what it says, how it ended, and what can be done with it.
import { lazy, memo, Suspense, useEffect, useRef } from 'react'
import { PencilLine, RotateCcw } from 'lucide-react'
import { useSession } from '@/session/session.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { AnswerLine } from './answer-line.tsx'
import { AnswerProblem } from './answer-problem.tsx'
import { type ChatMessage, textOf } from './chat-message.ts'
import type { ChatTool } from './chat-tools.ts'
import { MessageActions } from './message-actions.tsx'
import { MessageView } from './message-view.tsx'
import type { MessageRow as Stored } from './queries.ts'
import { asWritten, filesOf } from './reconcile.ts'
import type { CallActions } from './tool-card.tsx'
import { readPersonCall } from './slash.ts'
import type { Rewrite } from './use-rewrite.ts'

const EditMessage = lazy(() =>
  import('./edit-message.tsx').then(({ EditMessage }) => ({ default: EditMessage }))
)

export type Changes = Pick<Rewrite, 'edit' | 'cancel' | 'replace' | 'again'> & {
  /** A call that a person wrote themselves is changed in its form. */
  editCall: (
    message: ChatMessage,
    call: { key: string; parameters: Record<string, unknown> },
  ) => void
}

type Props = {
  message: ChatMessage
  /** What the database has of it; undefined before it has it. */
  stored: Stored | undefined
  /** Of the message it answers, who wrote it. */
  asker: string | null | undefined
  tools: Map<string, ChatTool>
  actions: CallActions
  changes: Changes
  editing: boolean
  /** It is being written now. */
  growing: boolean
  last: boolean
  /** Nothing can be said now: an answer is on its way, or this has not left. */
  held: boolean
}

export const MessageRow = memo(function MessageRow(props: Props) {
  return (
    <div className='group/message'>
      {props.message.role === 'user' ? <OwnOrOther {...props} /> : <Answer {...props} />}
    </div>
  )
})

/** What is not in the database yet was written here. */
function useMine(user_id: string | null | undefined): boolean {
  const { id } = useSession()
  return user_id === undefined || user_id === id
}

function OwnOrOther(props: Props) {
  const { message, stored, changes, editing, held, last, tools } = props
  const mine = useMine(stored?.user_id)
  const { text, quotes = [] } = asWritten(message)
  const call = readPersonCall(text)
  const button = useBack(editing)
  if (editing) {
    return (
      <Suspense>
        <EditMessage
          text={text}
          along={quotes.length + filesOf(message).length}
          onSend={(changed) => void changes.replace(message, changed)}
          onCancel={changes.cancel}
        />
      </Suspense>
    )
  }
  const edit = () => {
    if (call && tools.has(call.key)) changes.editCall(message, call)
    else changes.edit(message.id)
  }
  return (
    <>
      <View {...props} />
      <MessageActions
        text={text}
        copyLabel='Copy message'
        align={mine ? 'end' : 'start'}
        shown={last}
      >
        {mine && !held && (
          <IconButton
            ref={button}
            label='Edit message'
            icon={<PencilLine aria-hidden />}
            onClick={edit}
          />
        )}
      </MessageActions>
    </>
  )
}

/** Who gives up editing is where they began. */
function useBack(editing: boolean) {
  const button = useRef<HTMLButtonElement>(null)
  const was = useRef(false)
  useEffect(() => {
    if (was.current && !editing) button.current?.focus()
    was.current = editing
  }, [editing])
  return button
}

function Answer(props: Props) {
  const { message, stored, asker, changes, growing, last, held } = props
  const mine = useMine(asker)
  const { metadata } = message
  const again = mine && !held ? () => changes.again(message) : undefined
  const failed = !growing && (stored?.status === 'failed' || metadata?.error !== undefined)
  return (
    <div className='flex flex-col gap-3'>
      <View {...props} />
      {failed && (
        <AnswerProblem
          problem={metadata?.error ?? 'It broke off.'}
          onAgain={last ? again : undefined}
        />
      )}
      {!growing && stored?.status === 'stopped' && (
        <p className='text-sm text-muted'>Stopped here.</p>
      )}
      {!growing && (
        <div className='-mt-2'>
          <MessageActions text={textOf(message)} copyLabel='Copy answer' align='start' shown={last}>
            {again && !(failed && last) && (
              <IconButton label='Answer again' icon={<RotateCcw aria-hidden />} onClick={again} />
            )}
            <AnswerLine metadata={metadata} />
          </MessageActions>
        </div>
      )}
    </div>
  )
}

function View({ message, tools, actions, growing, last }: Props) {
  return (
    <MessageView message={message} tools={tools} actions={actions} live={growing} last={last} />
  )
}
