// Short notices about something that has just happened elsewhere on the screen. Errors of a form stay in the form.
import { useSyncExternalStore } from 'react'
import { X } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { Status, type Tone } from './status.tsx'

type Notice = {
  id: number
  tone: Tone
  text: string
  action?: { label: string; run: () => void }
  /** Stays until it is closed. */
  sticky?: boolean
  /** Nothing the person just did: read out when there is a pause. */
  polite?: boolean
}

let notices: Notice[] = []
let lastId = 0
const listeners = new Set<() => void>()

function replace(next: Notice[]) {
  notices = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Shows a notice from anywhere. Answers with a function that takes it away again. */
export function toast(notice: Omit<Notice, 'id'>): () => void {
  const id = ++lastId
  replace([...notices.slice(-2), { ...notice, id }])
  return () => dismiss(id)
}

function dismiss(id: number) {
  replace(notices.filter((notice) => notice.id !== id))
}

/** Once, at the top of the app. */
export function Toaster() {
  const shown = useSyncExternalStore(subscribe, () => notices, () => notices)
  return (
    <Radix.Provider swipeDirection='right' label='Notice'>
      {shown.map((notice) => (
        <Radix.Root
          key={notice.id}
          type={notice.polite ? 'background' : 'foreground'}
          duration={notice.sticky ? Number.POSITIVE_INFINITY : 6_000}
          onOpenChange={(open) => open || dismiss(notice.id)}
          className='flex min-h-12 animate-rise items-center gap-3 rounded-card border border-line bg-raised py-1 pr-1 pl-4 shadow-float'
        >
          <Radix.Title className='min-w-0 grow'>
            <Status tone={notice.tone} className='py-1 whitespace-normal'>
              <span className='whitespace-normal text-text'>{notice.text}</span>
            </Status>
          </Radix.Title>
          {notice.action && (
            <Radix.Action
              altText={notice.action.label}
              onClick={notice.action.run}
              className='h-control shrink-0 rounded-control px-3 text-sm font-medium text-accent hover:bg-hover'
            >
              {notice.action.label}
            </Radix.Action>
          )}
          <Radix.Close
            aria-label='Close'
            className='inline-flex size-control shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover'
          >
            <X aria-hidden className='size-4' />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className='fixed right-4 bottom-[calc(5rem+var(--safe-bottom))] z-50 flex w-[min(26rem,calc(100vw-2rem))] flex-col gap-2 lg:bottom-4' />
    </Radix.Provider>
  )
}
