// The app without a network: its files from the build, one page for every address, and where Astra is.
// Nothing that a person could be shown twice is kept here.
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { NetworkFirst } from 'workbox-strategies'

type Precached = Parameters<typeof precacheAndRoute>[0]
declare const self: ServiceWorkerGlobalScope & {
  /** The build’s files, written here by the build. */
  __WB_MANIFEST: Precached
}

/** What the app’s origin answers itself, where it does. */
const SERVERS_OWN = [/^\/(auth|rest|functions|storage|realtime)\//, /^\/astra\.json$/]

export function keepShell(): void {
  precacheAndRoute(self.__WB_MANIFEST)
  cleanupOutdatedCaches()
  registerRoute(
    new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: SERVERS_OWN }),
  )
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && url.pathname === '/astra.json',
    new NetworkFirst({ cacheName: 'astra-address', networkTimeoutSeconds: 3 }),
  )
}
