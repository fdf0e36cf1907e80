// The demo's upstream MCP servers: the reference server "everything", which no one here wrote, over
// both of its HTTP transports. On loopback, with an empty environment, on ports that stay the same.
import { join } from 'node:path'
import type { Launch } from './child.ts'
import { freePort } from './ports.ts'

export const upstreams = [
  {
    child: 'everything-http',
    mode: 'streamableHttp',
    path: '/mcp',
    serverName: 'Everything',
    serverType: 'http',
  },
  {
    child: 'everything-sse',
    mode: 'sse',
    path: '/sse',
    serverName: 'Everything SSE',
    serverType: 'sse',
  },
] as const

export type Upstream = typeof upstreams[number]
export type UpstreamPorts = Record<Upstream['child'], number>

/** Ports for the upstreams: the remembered ones where they are still free. */
export function choosePorts(remembered: Partial<UpstreamPorts>): UpstreamPorts {
  const chosen = upstreams.map(({ child }) => [child, freePort(remembered[child])])
  return Object.fromEntries(chosen)
}

/** The address an upstream is registered with. */
export function upstreamUrl(upstream: Upstream, ports: UpstreamPorts): string {
  return `http://127.0.0.1:${ports[upstream.child]}${upstream.path}`
}

/** The command for one run of an upstream. */
export function launchUpstream(upstream: Upstream, ports: UpstreamPorts, root: string): Launch {
  const script = (name: string) => join(root, 'scripts/stack', name)
  return {
    command: nodePath(),
    args: [
      '--import',
      script('leash.mjs'),
      '--import',
      script('loopback.mjs'),
      join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'),
      upstream.mode,
    ],
    // Nothing else: one of its tools answers with its whole environment.
    env: { PORT: String(ports[upstream.child]) },
    cwd: root,
  }
}

/** The Node that npm runs on, else the one on the PATH. */
export function nodePath(): string {
  return Deno.env.get('npm_node_execpath') ?? 'node'
}
