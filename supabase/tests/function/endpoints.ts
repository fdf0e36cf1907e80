// What tests of endpoints share: how one is doing, and how to make time pass for it.
import { people, stack } from './the-stack.ts'

export type Endpoint = {
  url: string
  status: string
  failures: number
  rests_until: string | null
  checked_at: string | null
  check_at: string
  latency_ms: number | null
  last_error: string | null
}

export async function endpointsOf(server_id: string): Promise<Endpoint[]> {
  const { body } = await stack.asService(`mcp_endpoints?server_id=eq.${server_id}&order=position`)
  return body
}

async function change(filter: string, columns: Record<string, unknown>): Promise<void> {
  const { status, body } = await stack.asService(`mcp_endpoints?${filter}`, {
    method: 'PATCH',
    body: JSON.stringify(columns),
  })
  if (status >= 300) throw new Error(JSON.stringify(body))
}

const past = () => new Date(Date.now() - 1_000).toISOString()
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString()

/** Rings the tick when nothing is due but checks of these servers; gives what it answered. */
export async function check(...servers: string[]): Promise<Record<string, number | null>> {
  await dueAlone(...servers)
  const { status, body } = await stack.tick()
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}

export async function dueAlone(...servers: string[]): Promise<void> {
  await change('server_id=not.is.null', { check_at: tomorrow() })
  if (servers.length > 0) await change(`server_id=in.(${servers})`, { check_at: past() })
}

/** Lets the rests of a server’s endpoints be over. */
export async function endRest(server_id: string): Promise<void> {
  await change(`server_id=eq.${server_id}&rests_until=not.is.null`, { rests_until: past() })
}

/**
 * A sentence about a server of its own, gone when it has been told: its tools would be offered to whoever
 * chats in the next one.
 */
export function onServer(
  sentence: string,
  { add, tell }: { add: () => Promise<string>; tell: (server_id: string) => Promise<void> },
): void {
  Deno.test(sentence, async () => {
    const server_id = await add()
    try {
      await tell(server_id)
    } finally {
      await people.owner.call('remove_server', { server_id })
    }
  })
}
