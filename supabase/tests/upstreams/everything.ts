// Starts the reference server that no one here wrote, @modelcontextprotocol/server-everything, as a
// Node process on a free port. Its URL and a stop that waits for the process to be gone.
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

export type Upstream = { url: string; host: string; stop(): Promise<void> }

const entry = new URL(
  '../../../node_modules/@modelcontextprotocol/server-everything/dist/index.js',
  import.meta.url,
)
const paths = { streamableHttp: '/mcp', sse: '/sse' } as const

/** `port` restarts it where it was before. */
export async function startEverything(
  mode: keyof typeof paths,
  port?: number,
): Promise<Upstream & { port: number }> {
  const at = port ?? await freePort()
  const child = new Deno.Command('node', {
    args: [fileURLToPath(entry), mode],
    env: { PORT: String(at) },
    stdin: 'null',
    stdout: 'null',
    stderr: 'piped',
  }).spawn()
  await listening(child.stderr)
  return {
    url: `http://127.0.0.1:${at}${paths[mode]}`,
    host: `127.0.0.1:${at}`,
    port: at,
    async stop() {
      child.kill('SIGKILL')
      await child.status
    },
  }
}

/** It says on stderr when it listens. The rest of what it says is drained, so that it never blocks. */
async function listening(stderr: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stderr
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  let said = ''
  while (!/listening|running on port/i.test(said)) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`server-everything did not start: ${said}`)
    said += value
  }
  const drain = async () => {
    while (!(await reader.read()).done);
  }
  drain().catch(() => {})
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
