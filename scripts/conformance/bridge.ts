// What the conformance suite starts as "the client", once per scenario: it registers the suite's server
// at a running Astra and has the function act as the MCP client. Speaks no MCP itself.
//
// Run by client.ts: bridge.ts <address of the suite's server>
import { actOf, type Context, mustBeRefused } from './acts.ts'
import { newPerson, type Person, Refused } from './person.ts'
import { finished } from './verdict.ts'

const [url] = Deno.args
const scenario = Deno.env.get('MCP_CONFORMANCE_SCENARIO')!
const context: Context = JSON.parse(Deno.env.get('MCP_CONFORMANCE_CONTEXT') ?? '{}')

/** Without a stack trace: what matters is what was answered, and the suite keeps only so much. */
const failure = await run().catch((error: Error) => error.message)
if (failure !== null) console.error(`${scenario}: ${failure}`)
else console.log(finished)
Deno.exit(failure === null ? 0 : 1)

/** Gives why the scenario went wrong, or null. */
async function run(): Promise<string | null> {
  const person = await newPerson({
    url: Deno.env.get('ASTRA_CONFORMANCE_URL')!,
    publishable_key: Deno.env.get('ASTRA_CONFORMANCE_KEY')!,
  })
  const server_id = await register(person)
  const refusal = await act(person, server_id)
  await person.ask('remove_server', { server_id })
  if (!mustBeRefused.has(scenario)) return refusal
  return refusal === null ? 'it went through, and must be refused' : null
}

async function register(person: Person): Promise<string> {
  const { client_id, client_secret } = context
  const isMachine = scenario === 'auth/client-credentials-basic'
  const { server } = await person.ask('add_server', {
    name: scenario,
    server_type: 'http',
    config: { url: url! },
    ...(isMachine && {
      credential: {
        credential_type: 'client_credentials',
        client_id: client_id!,
        client_secret: client_secret!,
      },
    }),
  })
  if (client_id && !isMachine) {
    const oauth_client = { client_id, ...(client_secret && { client_secret }) }
    await person.ask('set_oauth_client', { server_id: server.id, oauth_client })
  }
  return server.id
}

/** Gives how it was refused, or null when everything went through. */
async function act(person: Person, server_id: string): Promise<string | null> {
  try {
    await person.ask('sync_tools', { server_id })
    await person.allowTools(server_id)
    const { tools } = await person.ask('list_tools', { server_id })
    await actOf(scenario)({ person, server_id, tools, context })
    return null
  } catch (error) {
    if (error instanceof Refused) return error.message
    throw error
  }
}
