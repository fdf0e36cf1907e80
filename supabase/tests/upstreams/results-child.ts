// The server of results as a process: says in one line of JSON where it is, and ends when whoever started it
// closes its input.
import { startResults } from './results.ts'

const { url, host, stop } = startResults()
console.log(JSON.stringify({ url, host }))

for await (const _ of Deno.stdin.readable) {
  // Nothing is said on this line; only its end counts.
}
await stop()
Deno.exit(0)
