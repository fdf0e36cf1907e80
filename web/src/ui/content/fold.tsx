// Long content is cut at about twelve lines until a person asks for all of it.
import { type FocusEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { Button } from '@/ui/button.tsx'

/** Twelve lines of body text, and how much more than that is worth a button. */
const foldedHeight = 12 * 26
const slack = 64

export function Fold({ children, className }: { children: ReactNode; className?: string }) {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const [long, setLong] = useState(false)
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const content = box.current?.firstElementChild
    if (!content || typeof ResizeObserver === 'undefined') return
    const watch = new ResizeObserver(() =>
      setLong(content.getBoundingClientRect().height > foldedHeight + slack)
    )
    watch.observe(content)
    return () => watch.disconnect()
  }, [])
  const folded = long && !open
  /** Whoever tabs to something below the cut sees it. */
  const reveal = (event: FocusEvent) => {
    const top = box.current?.getBoundingClientRect().top ?? 0
    if (folded && event.target.getBoundingClientRect().top - top > foldedHeight - 40) setOpen(true)
  }
  return (
    <div className={className}>
      <div
        ref={box}
        id={id}
        onFocusCapture={reveal}
        style={folded ? { maxHeight: foldedHeight } : undefined}
        className={cx(
          folded &&
            'overflow-hidden [mask-image:linear-gradient(to_bottom,black_calc(100%-3rem),transparent)]',
        )}
      >
        <div>{children}</div>
      </div>
      {long && (
        <Button
          look='quiet'
          className='mt-1 -ml-2 px-2 text-muted'
          aria-expanded={open}
          aria-controls={id}
          icon={open ? <ChevronUp aria-hidden /> : <ChevronDown aria-hidden />}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Show less' : 'Show all'}
        </Button>
      )}
    </div>
  )
}
