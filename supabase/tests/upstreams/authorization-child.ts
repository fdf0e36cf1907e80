// The fixture authorization servers as a process: says in one line of JSON where they are, and ends when
// whoever started it closes its input.
import { startAuthorization } from './authorization.ts'

const day = 24 * 60 * 60

const fixtures = {
  willing: startAuthorization(),
  declining: startAuthorization({ denies: true }),
  ending: startAuthorization({ refresh: false, seconds: 3 * day }),
}

const all = Object.values(fixtures)
const servers = Object.fromEntries(Object.entries(fixtures).map(([name, { url }]) => [name, url]))
const hosts = all.flatMap(({ url, issuer }) => [new URL(url).host, new URL(issuer).host])
console.log(JSON.stringify({ servers, hosts }))

for await (const _ of Deno.stdin.readable) {
  // Nothing is said on this line; only its end counts.
}
await Promise.all(all.map((fixture) => fixture.stop()))
Deno.exit(0)
