// Starts the app: finds out where Astra is, then renders.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { router } from './app-routes.tsx'
import { AppUpdate } from './app-update.tsx'
import { watchKeyboard } from './lib/device.ts'
import { watchInstallOffer } from './lib/install.ts'
import { queryClient } from './lib/query-client.ts'
import { watchReach } from './lib/reach.ts'
import { connectSupabase, functionUrl } from './lib/supabase.ts'
import { SessionProvider } from './session/session.tsx'
import { FailedState } from './ui/empty-state.tsx'
import { Toaster } from './ui/toast.tsx'
import { TooltipProvider } from './ui/tooltip.tsx'
import './styles.css'

// The first screen is fetched while it is found out where Astra is and who is there.
if (location.pathname.startsWith('/chat')) void import('./chat/chat-page.tsx')
watchInstallOffer()
watchKeyboard()
const page = createRoot(document.getElementById('root')!)

connectSupabase().then(renderApp, renderUnreachable)

function renderApp() {
  watchReach(`${functionUrl()}/health`)
  page.render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <TooltipProvider>
          <SessionProvider>
            <RouterProvider router={router} />
          </SessionProvider>
          <Toaster />
          <AppUpdate />
        </TooltipProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
}

function renderUnreachable() {
  page.render(
    <FailedState
      title='Astra cannot be reached'
      error={new Error(
        'Check your connection. If it works, whoever runs this Astra should look at it.',
      )}
      onRetry={() => location.reload()}
    />,
  )
}
