// A small team of its own with a language model: one server whose calls a test holds and releases, people with
// names, and processes of the function whose model plays a script.
import { startFakeOpenAi } from '../models/fake-openai.ts'
import type { Scripted } from '../models/scripted.ts'
import type { Person } from '../running-stack.ts'
import { startCountingServer } from '../upstreams/counting.ts'
import { startSecondFunction } from './second-function.ts'
import { stack } from './the-stack.ts'

const script: Scripted[] = []
export const model = startFakeOpenAi(script)
export const upstream = startCountingServer()
globalThis.addEventListener('unload', () => void Promise.all([model.stop(), upstream.stop()]))

/** What the model says from now on, one entry per request. */
export function plays(...entries: Scripted[]): void {
  script.length = model.asked.length
  script.push(...entries)
}

/** A call of the server’s, as the model makes it. */
export const calls = (tool: string, input: Record<string, unknown> = {}): Scripted => ({
  calls: [{ id: `call_${crypto.randomUUID().slice(0, 8)}`, name: `desk__${tool}`, input }],
})

/** A process of the function whose model this is. */
export const startFunction = () =>
  startSecondFunction({
    env: {
      ASTRA_MODEL_PROVIDER: 'openai_compatible',
      ASTRA_MODEL_BASE_URL: `${model.url}/v1`,
      ASTRA_MODEL_NAME: 'fake',
      ASTRA_MODEL_API_KEY: 'sk-test',
    },
  })

/** Two of them, as on a platform with many isolates. */
export const [here, there] = await Promise.all([startFunction(), startFunction()])
Deno.test.afterAll(async () => {
  await Promise.all([here.stop(), there.stop()])
})

const arrive = (full_name: string) =>
  stack.signUp(`${crypto.randomUUID()}@studio.test`, { full_name })

/** Who owns it, and two of its members. */
export const mia = await arrive('Mia Weber')
export const noor = await arrive('Noor "Admin" Haddad')
export const sam = await arrive('Sam')

const made = await mia.rest('rpc/create_team', { method: 'POST', body: '{"p_name":"Studio"}' })
export const team_id: string = made.body

export const joins = (person: Person) =>
  stack.asService('team_members', {
    method: 'POST',
    body: JSON.stringify({ team_id, user_id: person.user_id, role: 'member' }),
  })
export const leaves = (person: Person) =>
  stack.asService(`team_members?team_id=eq.${team_id}&user_id=eq.${person.user_id}`, {
    method: 'DELETE',
  })
await joins(noor)
await joins(sam)

const added = await mia.call('add_server', {
  team_id,
  name: 'Desk',
  server_type: 'http',
  config: { url: upstream.url },
})
if (added.status !== 200) throw new Error(JSON.stringify(added.body))
const server_id: string = added.body.server.id
await mia.call('sync_tools', { team_id, server_id })

/** Rules on a tool of the server. */
export const rule = (tool: string, policy: string) =>
  mia.call('set_tool_policy', { team_id, server_id, tool_names: [tool], policy })
for (const tool of ['echo', 'show_headers', 'slow']) await rule(tool, 'allow')
