// The function as the stack runs it: itself, on the leash, and told of new sealing keys while it runs.
import './leash.mjs'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { readSettings } from '../../supabase/functions/mcp-client/env.ts'
import { settings } from '../../supabase/functions/mcp-client/index.ts'

// A line is the whole of ASTRA_CREDENTIAL_KEYS; the rest of the environment stays as it was.
createInterface({ input: process.stdin }).on('line', (keys) => {
  const read = (name: string) => name === 'ASTRA_CREDENTIAL_KEYS' ? keys : Deno.env.get(name)
  settings.credentialKeys = readSettings(read).credentialKeys
})
