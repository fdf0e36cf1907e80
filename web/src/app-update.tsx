// Tells when a newer version of the app is ready. It never reloads by itself: someone may be typing.
import { useEffect } from 'react'
import { useRegisterSW } from 'virtual:pwa-register/react'
import { toast } from './ui/toast.tsx'

const hour = 60 * 60 * 1000

export function AppUpdate() {
  const { needRefresh: [ready], updateServiceWorker } = useRegisterSW({
    onRegisteredSW: (_address, registration) => {
      if (registration) setInterval(() => void registration.update().catch(() => {}), hour)
    },
  })
  useEffect(() => {
    if (!ready) return
    return toast({
      tone: 'info',
      text: 'A new version of Astra is ready.',
      sticky: true,
      action: { label: 'Reload', run: () => void updateServiceWorker(true) },
    })
  }, [ready, updateServiceWorker])
  return null
}
