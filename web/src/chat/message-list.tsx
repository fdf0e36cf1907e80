// The messages, newest at the bottom. It follows an answer only while the reader is already at the bottom.
import { useMemo } from 'react'
import { ArrowDown, CircleAlert, PencilLine, RotateCw } from 'lucide-react'
import { StickToBottom, useStickToBottomContext } from 'use-stick-to-bottom'
import { useMedia } from '@/lib/device.ts'
import { useOnline } from '@/lib/reach.ts'
import { Button } from '@/ui/button.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Spinner } from '@/ui/spinner.tsx'
import { type ChatMessage, textOf } from './chat-message.ts'
import type { ChatTool } from './chat-tools.ts'
import type { Unsent } from './drafts.ts'
import { type Changes, MessageRow } from './message-row.tsx'
import { OlderMessages } from './older-messages.tsx'
import type { Queued } from './outbox.ts'
import { QueuedMessages } from './queued-messages.tsx'
import { waitsFor } from './tool-call.ts'
import type { ConversationState } from './use-conversation.ts'

type Props = {
  team_id: string
  chat_id: string
  conversation: ConversationState
  /** What waits to be sent. */
  queued: Queued[]
  changes: Changes
  /** The message that is being written anew. */
  editing: string | null
  tools: Map<string, ChatTool>
  onRun: (key: string, parameters: Record<string, unknown>) => void
  /** Opens a tool’s form. */
  onForm: (key: string, parameters: Record<string, unknown>) => void
  /** Puts words into the composer, and what went along with them. */
  onEdit: (text: string, along?: Unsent) => void
}

export function MessageList(props: Props) {
  const { team_id, chat_id, conversation, queued, changes, editing, tools } = props
  const { onRun, onForm, onEdit } = props
  const { messages, busy, streaming, waiting, unsent, error, facts, growing, stop } = conversation
  const still = useMedia('(prefers-reduced-motion: reduce)')
  const actions = useMemo(
    () => ({ run: onRun, edit: onForm, stop }),
    [onRun, onForm, stop],
  )
  const last = messages.at(-1)
  return (
    <StickToBottom
      className='relative h-full'
      initial='instant'
      resize={still ? 'instant' : 'smooth'}
    >
      <StickToBottom.Content
        scrollClassName='relative overscroll-contain'
        className='mx-auto flex w-full max-w-3xl flex-col gap-3 px-4 pt-4 pb-6 lg:px-6'
      >
        <OlderMessages
          {...{ team_id, chat_id, tools, actions, changes }}
          newest={conversation.stored}
          shown={messages}
        />
        {messages.map((message) => {
          const stored = facts.get(message.id)
          return (
            <div key={message.id}>
              <MessageRow
                message={message}
                stored={stored}
                asker={facts.get(stored?.answers ?? '')?.user_id}
                tools={tools}
                actions={actions}
                changes={changes}
                editing={editing === message.id}
                growing={growing.has(message.id)}
                last={message === last}
                held={busy || unsent !== null}
              />
              {message.id === unsent?.id && <NotSent conversation={conversation} onEdit={onEdit} />}
            </div>
          )
        })}
        {(waiting || (!streaming && growing.size > 0)) && (
          <p className='flex items-center gap-2 text-sm text-muted'>
            <Spinner /> {waiting ? 'Thinking' : 'Still answering'}
          </p>
        )}
        <QueuedMessages queued={queued} tools={tools} />
        {error && !unsent && !busy && !isKnown(last, facts) && (
          <BrokenAnswer
            error={error}
            onLook={() => void conversation.reload()}
          />
        )}
      </StickToBottom.Content>
      <ToBottom />
      <Announcer messages={messages} busy={busy} />
    </StickToBottom>
  )
}

function NotSent({ conversation, onEdit }: Pick<Props, 'conversation' | 'onEdit'>) {
  const online = useOnline()
  const { unsent, error, resend, discard, tooLate } = conversation
  const edit = () => {
    discard()
    onEdit(unsent!.text, unsent!)
  }
  return (
    <div role='alert' className='mt-2 flex flex-wrap items-center justify-end gap-x-2 gap-y-1'>
      <p className='flex items-center gap-1.5 text-sm text-bad'>
        <CircleAlert aria-hidden className='size-4 shrink-0' />
        Not sent. {error?.message ?? 'The connection was lost.'}
      </p>
      <Button look='quiet' icon={<PencilLine aria-hidden />} onClick={edit} className='!px-3'>
        Edit
      </Button>
      <Button icon={<RotateCw aria-hidden />} disabled={!online} onClick={resend}>
        {tooLate ? 'Send as a new message' : 'Resend'}
      </Button>
    </div>
  )
}

/** How the newest answer ended is on record: then that is what is shown. */
function isKnown(last: ChatMessage | undefined, facts: ConversationState['facts']): boolean {
  return last?.role === 'assistant' && (last.metadata?.error !== undefined || facts.has(last.id))
}

/** The connection did, not necessarily the answer: where Astra goes on with it, it is there to be read. */
function BrokenAnswer({ error, onLook }: { error: Error; onLook: () => void }) {
  return (
    <div role='alert' className='flex flex-wrap items-center gap-x-3 gap-y-1 text-sm'>
      <p className='flex items-start gap-1.5 text-bad'>
        <CircleAlert aria-hidden className='mt-0.5 size-4 shrink-0' />
        {error.message || 'The connection broke off.'}
      </p>
      <Button icon={<RotateCw aria-hidden />} onClick={onLook}>Look again</Button>
    </div>
  )
}

function ToBottom() {
  const { isAtBottom, scrollToBottom } = useStickToBottomContext()
  if (isAtBottom) return null
  return (
    <IconButton
      label='To the newest message'
      icon={<ArrowDown aria-hidden />}
      onClick={() => void scrollToBottom()}
      className='absolute bottom-3 left-1/2 -translate-x-1/2 animate-appear rounded-full border border-line bg-raised shadow-float hover:bg-surface'
    />
  )
}

/** Says that an answer has begun and then what it was: once each, not with every word. */
function Announcer({ messages, busy }: { messages: ChatMessage[]; busy: boolean }) {
  const last = messages.at(-1)
  const text = last?.role === 'assistant' ? textOf(last).slice(0, 600) : ''
  const waited = last ? waitsFor(last) : null
  const spoken = [text && `Astra answered: ${text}`, waited && `It waits for ${waited}.`]
  return (
    <p role='status' className='sr-only'>
      {busy ? 'Astra is answering' : spoken.filter(Boolean).join(' ')}
    </p>
  )
}
