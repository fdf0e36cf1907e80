// The stack's children as a group: which ones there are, when all of them are of use, how they end.
import { type Child, type ChildPlan, keepChild } from './child.ts'
import { type FunctionAddress, launchFunction } from './function-child.ts'
import { openLog } from './log-file.ts'
import { answers, freePort } from './ports.ts'
import { reasonOf, StartProblem } from './problem.ts'
import type { Secrets } from './secrets.ts'
import type { StackSettings } from './settings.ts'
import { launchUpstream, type UpstreamPorts, upstreams } from './upstreams.ts'
import { launchVite } from './web.ts'

export type Processes = {
  readonly pids: Record<string, number>
  /** Where Vite listens while developing, else null. */
  readonly vitePort: number | null
  /** Resolves when every child is of use. Throws StartProblem. */
  ready(): Promise<void>
  /** What to do whenever a child has been started again. */
  onChange(act: () => Promise<void>): void
  /** Writes a line to the function's standard input. */
  tellFunction(line: string): Promise<void>
  stop(): Promise<void>
}

type Given = {
  settings: StackSettings
  secrets: Secrets
  address: FunctionAddress
  /** Null when there is no demo. */
  ports: UpstreamPorts | null
  say(line: string): void
}

/** Starts the function, the demo's upstreams and, while developing, Vite. */
export function startProcesses(given: Given): Processes {
  const vitePort = given.settings.dev ? freePort() : null
  const children = new Map<string, Child>()
  let act = () => Promise.resolve()
  for (const plan of plansOf(given, vitePort)) {
    const onStart = () =>
      queueMicrotask(() => void act().catch((thrown) => given.say(reasonOf(thrown))))
    const log = openLog(given.settings.folder, plan.name)
    children.set(
      plan.name,
      keepChild({ ...plan, log, show: given.settings.dev && plan.isOurs, say: given.say, onStart }),
    )
  }
  return {
    get pids() {
      return Object.fromEntries([...children].map(([name, { pid }]) => [name, pid]))
    },
    vitePort,
    async ready() {
      try {
        await Promise.all([...children.values()].map((child) => child.ready))
      } catch (thrown) {
        throw new StartProblem(`${reasonOf(thrown)}; see logs/ in ${given.settings.folder}`)
      }
    },
    onChange: (changed) => void (act = changed),
    tellFunction: (line) => children.get('function')!.tell(line),
    stop: async () => void await Promise.all([...children.values()].map((child) => child.stop())),
  }
}

/** What is ours is worth seeing in the terminal while developing. */
type Plan = Pick<ChildPlan, 'name' | 'launch' | 'isReady'> & { isOurs: boolean }

function plansOf({ settings, secrets, address, ports }: Given, vitePort: number | null): Plan[] {
  const { root, url } = settings
  const demo = ports ? upstreams : []
  const demoHosts = demo.map(({ child }) => `127.0.0.1:${ports![child]}`)
  const plans: Plan[] = [{
    name: 'function',
    isOurs: true,
    launch: () => launchFunction({ settings, secrets, demoHosts, address }),
    isReady: () => isHealthy(address),
  }]
  for (const upstream of demo) {
    plans.push({
      name: upstream.child,
      isOurs: false,
      launch: () => launchUpstream(upstream, ports!, root),
      isReady: () => answers(ports![upstream.child]),
    })
  }
  if (vitePort !== null) {
    plans.push({
      name: 'vite',
      isOurs: true,
      launch: () => launchVite(root, { port: vitePort, url }),
      isReady: () => answers(vitePort),
    })
  }
  return plans
}

async function isHealthy({ port }: FunctionAddress): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/mcp-client/health`, {
      signal: AbortSignal.timeout(1_000),
    })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
