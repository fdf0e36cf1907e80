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
import { MessageView } from './message-view.tsx'
import { OlderMessages } from './older-messages.tsx'
import type { Queued } from './outbox.ts'
import { QueuedMessages } from './queued-messages.tsx'
import { waitsFor } from './tool-call.ts'
import { asWritten } from './reconcile.ts'
import type { ConversationState, Written } from './use-conversation.ts'

type Props = {
  team_id: string
  chat_id: string
  conversation: ConversationState
  queued: Queued[]
  tools: Map<string, ChatTool>
  onRun: (key: string, parameters: Record<string, unknown>) => void
  /** Opens a tool’s form. */
  onForm: (key: string, parameters: Record<string, unknown>) => void
  onEdit: (text: string) => void
}

export function MessageList(props: Props) {
  const { team_id, chat_id, conversation, queued, tools, onRun, onForm, onEdit } = props
  const { messages, busy, waiting, unsent, unfinished, error, endings, stop } = conversation
  const still = useMedia('(prefers-reduced-motion: reduce)')
  const actions = useMemo(
    () => ({ run: onRun, edit: onForm, stop: () => void stop() }),
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
        className='mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 pt-4 pb-6 lg:px-6'
      >
        <OlderMessages
          before={{ team_id, chat_id, stored: conversation.stored }}
          shown={messages}
          {...{ tools, actions }}
        />
        {messages.map((message) => (
          <div key={message.id}>
            <MessageView
              message={message}
              tools={tools}
              actions={actions}
              live={busy && message === last && message.role === 'assistant'}
              last={message === last}
            />
            {message.id === unsent?.id && <NotSent conversation={conversation} onEdit={onEdit} />}
            {message.role === 'assistant' && !(busy && message === last) && (
              <Ending status={endings.get(message.id)} />
            )}
          </div>
        ))}
        {(waiting || unfinished) && (
          <p className='flex items-center gap-2 text-sm text-muted'>
            <Spinner /> {waiting ? 'Thinking' : 'Still answering'}
          </p>
        )}
        <QueuedMessages queued={queued} tools={tools} />
        {error && !unsent && !busy && !unfinished && (
          <BrokenAnswer error={error} messages={messages} onAgain={conversation.send} />
        )}
      </StickToBottom.Content>
      <ToBottom />
      <Announcer messages={messages} busy={busy} />
    </StickToBottom>
  )
}

function Ending({ status }: { status: string | undefined }) {
  if (status !== 'stopped' && status !== 'failed') return null
  return (
    <p className='mt-2 text-sm text-muted'>
      {status === 'stopped' ? 'Stopped here.' : 'The answer broke off here.'}
    </p>
  )
}

function NotSent(
  { conversation, onEdit }: { conversation: ConversationState; onEdit: (text: string) => void },
) {
  const online = useOnline()
  const { unsent, error, resend, discard } = conversation
  const edit = () => {
    discard()
    onEdit(unsent!.text)
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
      <Button icon={<RotateCw aria-hidden />} disabled={!online} onClick={resend}>Resend</Button>
    </div>
  )
}

type BrokenProps = { error: Error; messages: ChatMessage[]; onAgain: (written: Written) => void }

function BrokenAnswer({ error, messages, onAgain }: BrokenProps) {
  const question = messages.findLast(({ role }) => role === 'user')
  return (
    <div role='alert' className='flex flex-wrap items-center gap-x-3 gap-y-1 text-sm'>
      <p className='flex items-start gap-1.5 text-bad'>
        <CircleAlert aria-hidden className='mt-0.5 size-4 shrink-0' />
        {error.message || 'The answer broke off.'}
      </p>
      {question && (
        <Button
          icon={<RotateCw aria-hidden />}
          onClick={() => onAgain(asWritten(question))}
        >
          Ask again
        </Button>
      )}
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
