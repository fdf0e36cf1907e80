// Light, dark, or whatever the system says. `public/theme.js` applies the same choice before the first paint.
import { useSyncExternalStore } from 'react'
import { forget, keep, kept } from './kept.ts'

export type Theme = 'system' | 'light' | 'dark'

const listeners = new Set<() => void>()

function chosen(): Theme {
  const theme = kept('theme')
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') {
    forget('theme')
    delete document.documentElement.dataset.theme
  } else {
    keep('theme', theme)
    document.documentElement.dataset.theme = theme
  }
  for (const listener of listeners) listener()
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, chosen)
}
