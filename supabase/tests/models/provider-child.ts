// A model provider as a process of its own, for tests that are no Deno: it speaks both wire formats and plays
// scripts that are put into it. Says in one line of JSON where it listens, and ends when whoever started it
// closes its input.
//
// PUT    /<name>                      { script, key? }: what is said under this name from now on
// GET    /<name>                      { asked: [{ path, body }] }: what it was asked
// POST   /<name>/release              lets answers go on that hold
// POST   /<name>/v1/chat/completions  as OpenAI does      POST /<name>/v1/messages  as Anthropic does
import { anthropicFormat } from './fake-anthropic.ts'
import { openAiFormat } from './fake-openai.ts'
import { type Played, playScript, type Scripted } from './scripted.ts'

type Stage = { key: string | null; formats: Record<string, Played> }

const stages = new Map<string, Stage>()

async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url)
  const [, name = '', ...rest] = url.pathname.split('/')
  if (request.method === 'PUT') {
    stages.set(name, staged(await request.json()))
    return new Response(null, { status: 204 })
  }
  const stage = stages.get(name)
  if (!stage) {
    return Response.json({ error: { message: 'Nothing is played here' } }, { status: 404 })
  }
  const played = Object.values(stage.formats)
  if (request.method === 'GET') {
    const asked = played.flatMap((one) => one.asked).map(({ path, body }) => ({ path, body }))
    return Response.json({ asked })
  }
  if (rest[0] === 'release') {
    for (const one of played) one.release()
    return new Response(null, { status: 204 })
  }
  const refusal = keyRefusal(stage, request.headers)
  if (refusal) return refusal
  const format = stage.formats[rest.at(-1) ?? ''] ?? stage.formats.completions!
  return await format.answer(new Request(new URL(`/${rest.join('/')}`, url), request))
}

function staged({ script, key = null }: { script: Scripted[]; key?: string | null }): Stage {
  return {
    key,
    formats: {
      completions: playScript(script, openAiFormat),
      messages: playScript(script, anthropicFormat),
    },
  }
}

/** As OpenAI refuses a key, which it quotes in part. */
function keyRefusal({ key }: Stage, headers: Headers): Response | null {
  const given = headers.get('x-api-key') ?? headers.get('authorization')?.replace(/^Bearer /, '')
  if (key === null || given === key) return null
  const message = `Incorrect API key provided: ${given ?? ''}.`
  const error = { message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' }
  return Response.json({ error }, { status: 401 })
}

const listen = { hostname: '127.0.0.1', port: 0, onListen: () => {} }
const server = Deno.serve(listen, answer)
console.log(JSON.stringify({ host: `127.0.0.1:${server.addr.port}` }))

for await (const _ of Deno.stdin.readable) {
  // Nothing is said on this line; only its end counts.
}
Deno.exit(0)
