// `npm run conformance:client`: the official suite against Astra's function as an MCP client. One stack,
// both frozen sets, three times in a row; anything less than complete is a failure.
//
// Run: npm run conformance:client [-- --runs 1] [-- --junit-path=<file>]
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { startStack } from '../../supabase/tests/running-stack.ts'
import { describe, isComplete, junit } from './report.ts'
import { required, type Revision, runSet, type SetResult } from './suite.ts'

const { values } = parseArgs({
  args: Deno.args,
  options: { runs: { type: 'string', default: '3' }, 'junit-path': { type: 'string' } },
})

const bridge = fileURLToPath(new URL('bridge.ts', import.meta.url))
/** The suite hands this to a shell and appends the address of its server. */
const command = `"${Deno.execPath()}" run --no-check --allow-net --allow-env "${bridge}"`

const stack = await startStack({
  env: {
    ASTRA_DEMO: 'off',
    ASTRA_ALLOWED_PRIVATE_HOSTS: 'localhost,127.0.0.1',
    // What the suite's own scenario about client metadata documents expects to be used.
    ASTRA_CLIENT_METADATA_URL: 'https://conformance-test.local/client-metadata.json',
  },
})
const results: SetResult[] = []
try {
  const env = {
    ASTRA_CONFORMANCE_URL: stack.url,
    ASTRA_CONFORMANCE_KEY: stack.publishable_key,
    DENO_NO_UPDATE_CHECK: '1',
  }
  for (let run = 1; run <= Number(values.runs); run++) {
    console.log(`Run ${run} of ${values.runs}`)
    for (const revision of Object.keys(required) as Revision[]) {
      const result = await runSet({ revision, command, env })
      console.log(describe(result))
      results.push(result)
    }
  }
} finally {
  await stack.stop()
}
if (values['junit-path']) await Deno.writeTextFile(values['junit-path'], junit(results))
Deno.exit(results.length > 0 && results.every(isComplete) ? 0 : 1)
