// A message of one’s own, written anew where it stands. Sending it takes back what came after it.
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useStickToBottomContext } from 'use-stick-to-bottom'
import { useTouch } from '@/lib/device.ts'
import { useOnline } from '@/lib/reach.ts'
import { Button } from '@/ui/button.tsx'

type Props = {
  text: string
  /** What stays with it: files and quotes go along again. */
  along: number
  onSend: (text: string) => void
  onCancel: () => void
}

export function EditMessage({ text, along, onSend, onCancel }: Props) {
  const [written, setWritten] = useState(text)
  const touch = useTouch()
  const online = useOnline()
  const box = useRef<HTMLTextAreaElement>(null)
  const { stopScroll } = useStickToBottomContext()
  useEffect(() => {
    // The list follows its end: it is told to stay where one writes.
    stopScroll()
    box.current?.focus({ preventScroll: true })
    box.current?.setSelectionRange(text.length, text.length)
    box.current?.form?.scrollIntoView({ block: 'nearest' })
  }, [text, stopScroll])
  const sendable = online && (written.trim() !== '' || along > 0)
  const send = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault()
    if (sendable) onSend(written.trim())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Escape') onCancel()
    if (event.key === 'Enter' && !event.shiftKey && !touch) send(event)
  }
  return (
    <form onSubmit={send} className='flex w-full scroll-my-3 flex-col gap-2'>
      <textarea
        ref={box}
        aria-label='Edit your message'
        value={written}
        rows={2}
        onChange={(event) => setWritten(event.target.value)}
        onKeyDown={onKeyDown}
        className='field-sizing-content max-h-[40dvh] min-h-20 w-full resize-none rounded-card border border-edge bg-raised px-4 py-2.5 text-base outline-none focus-visible:border-accent'
      />
      <div className='flex flex-wrap items-center justify-end gap-2'>
        <p className='min-w-0 grow basis-full text-xs text-muted sm:basis-48'>
          {along > 0 && 'What is attached stays with it. '}
          What came after it is taken back and answered anew.
        </p>
        <Button look='quiet' onClick={onCancel}>Cancel</Button>
        <Button type='submit' look='primary' disabled={!sendable}>Send</Button>
      </div>
    </form>
  )
}
