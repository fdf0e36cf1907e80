// Whoever answers with keys keeps their place: what takes the place of an answered question gets the focus it had.
import { type ReactNode, useLayoutEffect, useRef } from 'react'

/** `shows` names what is shown: when it changes and the focus would be lost, the box takes it. */
export function KeepFocus({ shows, children }: { shows: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const had = useRef(false)
  useLayoutEffect(() => {
    const lost = document.activeElement === null || document.activeElement === document.body
    if (had.current && lost) box.current?.focus({ preventScroll: true })
  }, [shows])
  return (
    <div
      ref={box}
      tabIndex={-1}
      onFocus={() => (had.current = true)}
      onBlur={({ relatedTarget }) => {
        // Without a target it went with its button, which is no longer there.
        if (relatedTarget && !box.current?.contains(relatedTarget)) had.current = false
      }}
      className='rounded-[inherit] -outline-offset-2'
    >
      {children}
    </div>
  )
}
