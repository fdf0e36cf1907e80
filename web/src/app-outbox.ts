// When what waits in the outbox is sent: at the start, as soon as Astra can be reached again, and when one comes
// back to the app. The code that sends is fetched when something waits.
import { useEffect } from 'react'
import { closeOutbox, loadOutbox, queuedNow, useQueued } from './chat/outbox.ts'
import { useOnline } from './lib/reach.ts'

async function sendWhatWaits(): Promise<void> {
  await loadOutbox()
  if (queuedNow().length === 0) return
  const { sendQueued } = await import('./chat/outbox-sending.ts')
  await sendQueued()
}

export function useOutboxWatch(): void {
  const online = useOnline()
  const many = useQueued().length
  useEffect(() => void loadOutbox(), [])
  useEffect(() => closeOutbox, [])
  useEffect(() => {
    if (online && many > 0) void sendWhatWaits()
  }, [online, many])
  useEffect(() => {
    const shown = () => void (document.hidden || sendWhatWaits())
    document.addEventListener('visibilitychange', shown)
    return () => document.removeEventListener('visibilitychange', shown)
  }, [])
}
