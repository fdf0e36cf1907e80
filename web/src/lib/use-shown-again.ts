// The browser’s own Back shows a page again as it was left, on its way out: what was leaving is still here.
import { useEffect } from 'react'

export function useShownAgain(reset: () => void) {
  useEffect(() => {
    const shown = (event: PageTransitionEvent) => event.persisted && reset()
    addEventListener('pageshow', shown)
    return () => removeEventListener('pageshow', shown)
  }, [reset])
}
