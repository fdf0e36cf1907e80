// Opens the palette: by Ctrl/⌘ K from anywhere, or by its button. It is fetched when first asked for.
import { lazy, Suspense, useEffect, useState } from 'react'
import { Search } from 'lucide-react'
import { IconButton } from './ui/icon-button.tsx'

const Palette = lazy(() =>
  import('./app-palette.tsx').then(({ Palette }) => ({ default: Palette }))
)

/** There, Ctrl K cuts a line short. */
const apple = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Answers with the palette, to be drawn once, and what opens it. */
export function usePalette() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const asked = (apple ? event.metaKey : event.ctrlKey) && !event.shiftKey && !event.altKey
      if (!asked || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      // Another dialog waits for its answer first.
      setOpen((open) => !open && document.querySelector('[role=dialog]') === null)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  return {
    show: () => setOpen(true),
    palette: open && (
      <Suspense fallback={null}>
        <Palette onClose={() => setOpen(false)} />
      </Suspense>
    ),
  }
}

export function PaletteButton({ onClick }: { onClick: () => void }) {
  return (
    <IconButton
      label={`Find (${apple ? '⌘' : 'Ctrl'} K)`}
      icon={<Search aria-hidden />}
      aria-haspopup='dialog'
      aria-keyshortcuts={apple ? 'Meta+K' : 'Control+K'}
      onClick={onClick}
    />
  )
}
