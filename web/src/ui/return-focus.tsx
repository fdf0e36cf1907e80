// Gives the focus back when a dialog closes. Radix returns it to its own trigger only; ours are opened by state.
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'

type ReturnFocus = {
  /** Render it inside the content: it notes who had the focus before anything in there takes it. */
  note: ReactNode
  onCloseAutoFocus: (event: Event) => void
}

export function useReturnFocus(): ReturnFocus {
  const opener = useRef<HTMLElement | null>(null)
  return {
    note: <Note into={opener} />,
    onCloseAutoFocus: (event) => {
      event.preventDefault()
      const back = opener.current?.isConnected ? opener.current : document.getElementById('content')
      back?.focus()
    },
  }
}

/** Its first render comes before the dialog moves the focus; afterwards it would be too late. */
function Note({ into }: { into: RefObject<HTMLElement | null> }) {
  const [opener] = useState(openerNow)
  useEffect(() => {
    into.current = opener
  }, [into, opener])
  return null
}

/** An item of a menu disappears with it: whoever opened the menu takes its place. */
function openerNow(): HTMLElement | null {
  const active = document.activeElement
  const menu = active?.closest('[role=menu]')
  const opener = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : active
  return opener instanceof HTMLElement && opener !== document.body ? opener : null
}
