// The same stack behind another origin, whose service worker can be made to look newer.
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { inject } from 'vitest'

type Release = { url: string; publish: () => void; close: () => void }

/** Serves what the stack serves; after `publish` its service worker differs by a comment. */
export async function releases(): Promise<Release> {
  const stack = new URL(inject('url'))
  let newer = false
  const server = createServer((asked, answer) => {
    // Nothing compressed, and whole: what is changed here must be readable.
    const headers = { ...asked.headers, 'accept-encoding': 'identity' }
    delete headers['if-none-match']
    const { method, url: path } = asked
    const passed = request(new URL(path!, stack), { method, headers }, (given) => {
      const worker = newer && path === '/sw.js'
      const { 'content-length': length, ...others } = given.headers
      answer.writeHead(given.statusCode!, worker || !length ? others : given.headers)
      if (worker) answer.write('// A newer version.\n')
      given.pipe(answer)
    })
    passed.on('error', () => answer.destroy())
    asked.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    publish: () => void (newer = true),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
