// A network between a function and its project: passes every request on after a delay, unread.
//
// Run: deno run -A distance.ts <delay in ms> <origin> …     prints one line of JSON: the origins in front
import '../stack/leash.mjs'
import { pause, serve } from './serve.ts'

const [delay, ...targets] = Deno.args

function distant(target: string): string {
  return serve(async (request) => {
    await pause(Number(delay))
    const { pathname, search } = new URL(request.url)
    const headers = new Headers(request.headers)
    headers.delete('host')
    const body = request.body ? await request.arrayBuffer() : null
    return await fetch(`${target}${pathname}${search}`, { method: request.method, headers, body })
  })
}

console.log(JSON.stringify(targets.map(distant)))
