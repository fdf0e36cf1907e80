// What was said before the newest page, above it. It is fetched before a reader gets there, and nothing they look
// at moves when it arrives. All of it stays in the page, in order: to be found, linked and read out.
import {
  Component,
  createRef,
  memo,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useStickToBottomContext } from 'use-stick-to-bottom'
import { Button } from '@/ui/button.tsx'
import type { ChatMessage } from './chat-message.ts'
import type { ChatTool } from './chat-tools.ts'
import { olderQuery, pageLength } from './message-pages.ts'
import { type Changes, MessageRow as MessageRowView } from './message-row.tsx'
import type { MessageRow } from './queries.ts'
import type { CallActions } from './tool-card.tsx'

type Drawn = { tools: Map<string, ChatTool>; actions: CallActions; changes: Changes }
type Chat = Drawn & {
  team_id: string
  chat_id: string
  /** What stands below. */
  shown: ChatMessage[]
}

export function OlderMessages(
  { newest = [], ...chat }: Chat & { newest: MessageRow[] | undefined },
) {
  const end = newest[0]?.created_at
  if (end === undefined || newest.length < pageLength) return null
  return <Pages {...chat} end={end} />
}

function Pages({ team_id, chat_id, end, shown, ...drawn }: Chat & { end: string }) {
  const older = useInfiniteQuery({ ...olderQuery(team_id, { chat_id, end }), enabled: false })
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = older
  const { scrollRef } = useStickToBottomContext()
  const [looks, setLooks] = useState(0)
  const look = () => void fetchNextPage().finally(() => setLooks((many) => many + 1))
  const more = data === undefined || hasNextPage
  const below = useMemo(() => new Set(shown.map(({ id }) => id)), [shown])
  const messages = useMemo(() => data?.filter(({ id }) => !below.has(id)) ?? [], [data, below])
  return (
    <KeepPlace many={messages.length} list={scrollRef}>
      {more && (
        <Door
          list={scrollRef}
          looks={looks}
          busy={isFetching}
          failed={isError}
          onNear={look}
        />
      )}
      <Said {...drawn} messages={messages} />
    </KeepPlace>
  )
}

/** Far away ones are not laid out, where the browser holds the reader’s place by itself meanwhile. */
const Said = memo(function Said({ messages, ...drawn }: Drawn & { messages: MessageRow[] }) {
  const askers = new Map(messages.map(({ id, user_id }) => [id, user_id]))
  return messages.map((message) => (
    <div
      key={message.id}
      className='supports-[overflow-anchor:auto]:[contain-intrinsic-size:auto_9rem] supports-[overflow-anchor:auto]:[content-visibility:auto]'
    >
      <MessageRowView
        {...drawn}
        message={message}
        stored={message}
        asker={askers.get(message.answers ?? '')}
        editing={false}
        growing={false}
        last={false}
        held
      />
    </div>
  ))
})

type List = RefObject<HTMLElement | null>

/** So far above what is seen older ones are fetched. */
const nearPx = 1_500
type DoorProps = {
  list: List
  /** How often it has been gone through. */
  looks: number
  busy: boolean
  failed: boolean
  onNear: () => void
}

/** Fetches when it comes near; a button as well, for whoever does not scroll. After a failure, only that. */
function Door({ list, looks, busy, failed, onNear }: DoorProps) {
  const place = useRef<HTMLDivElement>(null)
  const ready = !busy && !failed
  const near = useRef(onNear)
  useEffect(() => void (near.current = onNear))
  useEffect(() => {
    const box = list.current
    if (!ready || !box) return
    const look = () => {
      const door = place.current?.getBoundingClientRect().bottom ?? -Infinity
      if (door > box.getBoundingClientRect().top - nearPx) near.current()
    }
    // A page may come within one frame, or be called off by a read of something else: where the door still is
    // near then, no scrolling would say so.
    look()
    box.addEventListener('scroll', look, { passive: true })
    return () => box.removeEventListener('scroll', look)
  }, [ready, list, looks])
  return (
    <div ref={place} className='flex min-h-control items-center justify-center gap-3'>
      {failed && <p role='alert' className='text-sm text-bad'>Older ones could not be read.</p>}
      <Button look='quiet' busy={busy} onClick={onNear}>Older messages</Button>
    </div>
  )
}

/** What follows stays where it is on the screen, whatever arrives in here. */
class KeepPlace extends Component<{ many: number; list: List; children: ReactNode }> {
  box = createRef<HTMLDivElement>()

  getSnapshotBeforeUpdate(): number | null {
    return this.box.current?.getBoundingClientRect().bottom ?? null
  }

  componentDidUpdate(
    { many }: { many: number },
    _state: unknown,
    before: number | null,
  ): void {
    const [box, list] = [this.box.current, this.props.list.current]
    if (many === this.props.many || before === null || !box || !list) return
    list.scrollTop += box.getBoundingClientRect().bottom - before
  }

  render() {
    return <div ref={this.box} className='flex flex-col gap-3'>{this.props.children}</div>
  }
}
