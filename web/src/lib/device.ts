// What the device is like right now: wide, touched, and how much of it a keyboard leaves free.
import { useSyncExternalStore } from 'react'

export function useMedia(query: string): boolean {
  return useSyncExternalStore((listener) => {
    const list = matchMedia(query)
    list.addEventListener('change', listener)
    return () => list.removeEventListener('change', listener)
  }, () => matchMedia(query).matches)
}

/** From this width on there is a rail and room for a second column. */
export const useDesktop = () => useMedia('(min-width: 1024px)')
/** Typing happens on glass: Enter is a new line there. */
export const useTouch = () => useMedia('(pointer: coarse)')

/**
 * Keeps `--app-height` at what is visible above an on-screen keyboard, for browsers that ignore
 * `interactive-widget=resizes-content`, and marks the page with `data-keyboard` while one is open.
 */
export function watchKeyboard(): void {
  const viewport = globalThis.visualViewport
  if (!viewport) return
  const root = document.documentElement
  let tallest = viewport.height
  const measure = () => {
    tallest = Math.max(tallest, viewport.height)
    const typing = document.activeElement?.matches('input, textarea, [contenteditable]') ?? false
    const open = typing && viewport.scale <= 1.01 && tallest - viewport.height > 160
    root.toggleAttribute('data-keyboard', open)
    // Safari pushes the whole page up to show the box; it fits now.
    if (open && viewport.offsetTop > 0) scrollTo(0, 0)
    if (open) root.style.setProperty('--app-height', `${viewport.height}px`)
    else root.style.removeProperty('--app-height')
  }
  viewport.addEventListener('resize', measure)
  addEventListener('orientationchange', () => (tallest = 0))
}
