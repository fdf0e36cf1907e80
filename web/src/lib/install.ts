// Installing the app. Browsers offer it once, early: the offer is kept until the person asks for it.
import { useSyncExternalStore } from 'react'

type InstallPrompt = Event & { prompt: () => Promise<unknown> }

let offer: InstallPrompt | null = null
const listeners = new Set<() => void>()

function setOffer(next: InstallPrompt | null) {
  offer = next
  for (const listener of listeners) listener()
}

/** Once, before the app renders. */
export function watchInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    setOffer(event as InstallPrompt)
  })
  addEventListener('appinstalled', () => setOffer(null))
}

export function useInstallable(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, () => offer !== null)
}

export async function promptInstall(): Promise<void> {
  const prompt = offer
  setOffer(null)
  await prompt?.prompt()
}

/** Safari on a phone has no offer: there the way is Share, then “Add to Home Screen”. */
export function needsIosHint(): boolean {
  const apple = /iPhone|iPad|iPod/.test(navigator.userAgent) ||
    (navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1)
  return apple && !matchMedia('(display-mode: standalone)').matches
}
