// A project that costs nothing: answers each kind of request with what the real one answered once. It
// shows what a function itself costs, when neither the Data API nor the database has anything to do.
//
// Run: deno run -A canned.ts '{ "POST /rest/v1/rpc/x": { "status": 200, "body": … } }'
// Prints one line of JSON: its origin.
import '../stack/leash.mjs'
import { serve } from './serve.ts'

export type Canned = Record<string, { status: number; body?: unknown }>

const answers = new Map(
  Object.entries(JSON.parse(Deno.args[0]!) as Canned).map(([key, { status, body }]) => [
    key,
    { status, text: body === undefined ? null : JSON.stringify(body) },
  ]),
)

const origin = serve(async (request) => {
  if (request.body) await request.arrayBuffer()
  const known = answers.get(`${request.method} ${new URL(request.url).pathname}`)
  if (!known) return new Response(null, { status: 404 })
  const { status, text } = known
  return new Response(text, { status, headers: { 'content-type': 'application/json' } })
})
console.log(JSON.stringify(origin))
