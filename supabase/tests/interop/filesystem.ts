// The official filesystem server, which speaks stdio, behind a bridge that no one here wrote: mcp-proxy, as
// two Node processes on a free port of loopback, with a folder of their own.
import { closeSync, constants, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { freePort } from '../upstreams/everything.ts'

const script = (path: string) =>
  fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url))

export type Filesystem = {
  url: string
  /** Holds the text `hello from a file`. */
  file: string
  /** Reading it does not end until somebody writes. */
  endless: string
  /** Resolves once the server reads the endless file; gives what ends that reading. */
  reading(): Promise<() => void>
  stop(): Promise<void>
}

export async function startFilesystem(): Promise<Filesystem> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: 'astra-interop-' }))
  const [file, endless] = [`${folder}/hello.txt`, `${folder}/endless`]
  await Deno.writeTextFile(file, 'hello from a file')
  await new Deno.Command('mkfifo', { args: [endless] }).output()
  const port = await freePort()
  const child = new Deno.Command('node', {
    args: [
      script('mcp-proxy/dist/bin/mcp-proxy.mjs'),
      ...['--host', '127.0.0.1', '--port', String(port), '--', 'node'],
      ...[script('@modelcontextprotocol/server-filesystem/dist/index.js'), folder],
    ],
    stdin: 'null',
    stdout: 'piped',
    stderr: 'null',
  }).spawn()
  await started(child.stdout)
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    file,
    endless,
    reading: () => readerOf(endless),
    async stop() {
      child.kill('SIGTERM')
      await child.status
      await Deno.remove(folder, { recursive: true })
    },
  }
}

/** Opening the other end of a pipe fails while nobody reads it: that is how one sees a reader come. */
async function readerOf(pipe: string): Promise<() => void> {
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline) {
    try {
      const end = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)
      return () => closeSync(end)
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  throw new Error('the server never read the file')
}

/** It says on stdout that it starts. The rest is drained, so that it never blocks. */
async function started(stdout: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stdout
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  let said = ''
  while (!/starting server/i.test(said)) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`the bridge did not start: ${said}`)
    said += value
  }
  const drain = async () => {
    while (!(await reader.read()).done);
  }
  drain().catch(() => {})
}
