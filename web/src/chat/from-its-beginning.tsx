// A question to the person is read from its beginning, however long its form is. The list of messages follows
// its end, so it is told to stay.
import { type ReactNode, useEffect, useRef } from 'react'
import { useStickToBottomContext } from 'use-stick-to-bottom'

/** Forms are fetched when the first is needed, and grow while they come. */
const settlesWithinMs = 1_000

export function FromItsBeginning({ active, children }: { active: boolean; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const { scrollRef, stopScroll } = useStickToBottomContext()
  useEffect(() => {
    const [card, list] = [box.current, scrollRef.current]
    if (!active || !card || !list || typeof ResizeObserver === 'undefined') return
    const show = () => {
      if (card.offsetHeight < list.clientHeight) return
      stopScroll()
      card.scrollIntoView({ block: 'start' })
    }
    const watch = new ResizeObserver(show)
    watch.observe(card)
    const timer = setTimeout(() => watch.disconnect(), settlesWithinMs)
    return () => {
      clearTimeout(timer)
      watch.disconnect()
    }
  }, [active, scrollRef, stopScroll])
  return <div ref={box} className='scroll-mt-3 rounded-[inherit]'>{children}</div>
}
