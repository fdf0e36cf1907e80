// The windows of the app that are open. A browser tells only where each one began, so they are asked where they are.
import type { WindowAsked } from '../lib/window-asked.ts'

declare const self: ServiceWorkerGlobalScope

const PATIENCE_MS = 1_000

export function openWindows(): Promise<readonly WindowClient[]> {
  return self.clients.matchAll({ type: 'window', includeUncontrolled: true })
}

/** The path of the page it shows. */
export async function pathOf(window: WindowClient): Promise<string> {
  const said = await ask(window, { type: 'WHERE' })
  return typeof said === 'string' ? said : new URL(window.url).pathname
}

/** False where nobody there can: nobody is signed in, or it is an older version of the app. */
export async function go(window: WindowClient, url: string): Promise<boolean> {
  return await ask(window, { type: 'GO', url }) === true
}

function ask(window: WindowClient, asked: WindowAsked): Promise<unknown> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(null), PATIENCE_MS)
    port1.onmessage = ({ data }) => {
      clearTimeout(late)
      resolve(data)
    }
    window.postMessage(asked, [port2])
  })
}
