// Messages that wait to be sent, where they will stand in the conversation. Each can be changed or taken back.
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { CircleAlert, Clock, PencilLine, RotateCw, Undo2 } from 'lucide-react'
import { useReach } from '@/lib/reach.ts'
import { Button } from '@/ui/button.tsx'
import { toast } from '@/ui/toast.tsx'
import type { ChatTool } from './chat-tools.ts'
import { PersonMessage } from './message-view.tsx'
import { dequeue, enqueue, hold, type Queued, rewrite, tryAgain } from './outbox.ts'
import { sendQueued } from './outbox-sending.ts'
import { asMessage } from './reconcile.ts'

export function QueuedMessages(
  { queued, tools }: { queued: Queued[]; tools: Map<string, ChatTool> },
) {
  return queued.map((message) => <QueuedMessage key={message.id} {...{ message, tools }} />)
}

function QueuedMessage({ message, tools }: { message: Queued; tools: Map<string, ChatTool> }) {
  const [editing, setEditing] = useState<(() => void) | null>(null)
  useEffect(() => () => editing?.(), [editing])
  // A message that its person is changing is not sent under their hands.
  const edit = async () => {
    const release = await hold(message.id, { wait: false })
    if (release) setEditing(() => release)
    else toast({ tone: 'info', text: 'It is being sent.' })
  }
  if (editing) {
    return (
      <Rewriting
        text={message.written.text}
        onDone={(text) => void leave(message, text).then(() => setEditing(null))}
      />
    )
  }
  return (
    <div>
      <PersonMessage message={asMessage(message.written)} tools={tools} />
      <div className='mt-1.5 flex flex-wrap items-center justify-end gap-x-1'>
        <Why message={message} />
        <QueuedButton label='Edit' icon={<PencilLine aria-hidden />} onClick={() => void edit()} />
        <QueuedButton
          label='Take back'
          icon={<Undo2 aria-hidden />}
          onClick={() => void takeBack(message)}
        />
        {message.refused && (
          <QueuedButton
            label={message.written.replaces ? 'Send as a new message' : 'Resend'}
            icon={<RotateCw aria-hidden />}
            onClick={() => void tryAgain(message.id).then(sendQueued)}
          />
        )}
      </div>
    </div>
  )
}

/** `text` null: as it was. */
async function leave({ id }: Queued, text: string | null): Promise<void> {
  if (text !== null) await rewrite(id, text)
  void sendQueued()
}

function Why({ message: { refused, written } }: { message: Queued }) {
  const reach = useReach()
  if (refused) {
    return (
      <p role='alert' className='flex grow items-center justify-end gap-1.5 text-sm text-bad'>
        <CircleAlert aria-hidden className='size-4 shrink-0' /> Not sent. {refused}
      </p>
    )
  }
  const does = written.text.startsWith('/') ? 'run' : 'be sent'
  const when = reach === 'online' ? 'as soon as Astra can take it' : 'when you’re back online'
  return (
    <p className='flex grow items-center justify-end gap-1.5 text-sm text-muted'>
      <Clock aria-hidden className='size-4 shrink-0' /> Will {does} {when}
    </p>
  )
}

function QueuedButton(
  { label, icon, onClick }: { label: string; icon: ReactNode; onClick: () => void },
) {
  return (
    <Button look='quiet' icon={icon} onClick={onClick} className='!px-3'>
      {label}
    </Button>
  )
}

async function takeBack(message: Queued): Promise<void> {
  const release = await hold(message.id, { wait: false })
  if (!release) {
    toast({ tone: 'info', text: 'It is being sent.' })
    return
  }
  await dequeue(message.id)
  release()
  toast({
    tone: 'info',
    text: 'Taken back: it will not be sent.',
    action: { label: 'Undo', run: () => void enqueue(message) },
  })
}

/** `onDone(null)`: as it was. */
function Rewriting({ text, onDone }: { text: string; onDone: (text: string | null) => void }) {
  const [written, setWritten] = useState(text)
  const box = useRef<HTMLTextAreaElement>(null)
  useEffect(() => box.current?.focus(), [])
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (written.trim() !== '') onDone(written.trim())
  }
  return (
    <form onSubmit={save} className='flex flex-col items-end gap-2'>
      <textarea
        ref={box}
        aria-label='Message that waits'
        value={written}
        onChange={(event) => setWritten(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onDone(null)}
        className='field-sizing-content max-h-[40dvh] min-h-control w-full max-w-[85%] resize-none rounded-card border border-edge bg-raised px-4 py-2.5 text-base outline-none focus-visible:border-accent'
      />
      <div className='flex gap-2'>
        <Button look='quiet' onClick={() => onDone(null)}>Cancel</Button>
        <Button type='submit' look='primary' disabled={written.trim() === ''}>Save</Button>
      </div>
    </form>
  )
}
