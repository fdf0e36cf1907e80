// Every address of the app and the screen behind it. Screens load when they are first opened.
import { useEffect } from 'react'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { AppFrame } from './app-frame.tsx'
import { NotFound, RouteFailed } from './app-failures.tsx'
import { useSessionState } from './session/session.tsx'
import { TeamProvider } from './session/team.tsx'
import { Spinner } from './ui/spinner.tsx'

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  // Whatever stands in the address is handed on unread: each screen parses its own and trusts none of it.
  validateSearch: (search: Record<string, unknown>): Record<string, unknown> => search,
})

type Back = { to?: string }
/** Only addresses of this app: never a way to send someone elsewhere after signing in. */
const back = (search: Record<string, unknown>): Back =>
  typeof search.to === 'string' && /^\/(?![/\\])/.test(search.to) ? { to: search.to } : {}

const outside = createRoute({
  getParentRoute: () => root,
  id: 'outside',
  component: function Outside() {
    const session = useSessionState()
    const { to } = back(outside.useSearch())
    if (session.status === 'loading') return <Loading />
    if (session.status === 'signed_in') return <Navigate to={to ?? '/chat'} replace />
    return <Outlet />
  },
})

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: function Inside() {
    const session = useSessionState()
    const signedOut = session.status === 'signed_out'
    // Once per sign-out, with the address of that moment: a <Navigate> would follow its own navigation.
    useEffect(() => {
      if (!signedOut) return
      const to = router.state.location.href
      void router.navigate({ to: '/sign-in', search: to === '/chat' ? {} : { to }, replace: true })
    }, [signedOut])
    if (session.status !== 'signed_in') return <Loading />
    return (
      <TeamProvider key={session.user.id}>
        <AppFrame />
      </TeamProvider>
    )
  },
})

function Loading() {
  return (
    <div className='grid h-(--app-height) place-items-center'>
      <Spinner label='Loading' className='size-6 text-muted' />
    </div>
  )
}

const signIn = createRoute({
  getParentRoute: () => outside,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./session/sign-in-page.tsx'), 'SignInPage'),
})
const signUp = createRoute({
  getParentRoute: () => outside,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('./session/sign-up-page.tsx'), 'SignUpPage'),
})
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/chat', replace: true })
  },
})
const chatPage = lazyRouteComponent(() => import('./chat/chat-page.tsx'), 'ChatPage')
/** One screen for both addresses: a new chat gets its own address without the screen being built anew. */
const chat = createRoute({ getParentRoute: () => inside, path: '/chat', component: chatPage })
const oneChat = createRoute({ getParentRoute: () => chat, path: '$chatId' })
const activity = createRoute({
  getParentRoute: () => inside,
  path: '/activity',
  component: lazyRouteComponent(() => import('./activity/activity-page.tsx'), 'ActivityPage'),
})
const execution = createRoute({
  getParentRoute: () => inside,
  path: '/activity/$executionId',
  component: lazyRouteComponent(() => import('./activity/execution-page.tsx'), 'ExecutionPage'),
})
const analytics = createRoute({
  getParentRoute: () => inside,
  path: '/analytics',
  component: lazyRouteComponent(() => import('./analytics/analytics-page.tsx'), 'AnalyticsPage'),
})
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
})
const server = createRoute({
  getParentRoute: () => inside,
  path: '/settings/servers/$serverId',
  component: lazyRouteComponent(() => import('./settings/server-page.tsx'), 'ServerPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    outside.addChildren([signIn, signUp]),
    inside.addChildren([
      chat.addChildren([oneChat]),
      activity,
      execution,
      analytics,
      settings,
      server,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: RouteFailed,
  defaultPendingComponent: Loading,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
