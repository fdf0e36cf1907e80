// `npm run bench:chat`: what the chat costs a person who waits for it. Fails only when something did not work; a
// goal that is missed is said and is no failure.
//
// Run: npm run bench:chat [-- tokens words long loading]
import { machine, watchOthers } from '../cpu.ts'
import { type Figure, line } from './figure.ts'
import { type Ground, prepare } from './ground.ts'
import { measureLighthouse, measureScripts } from './loading.ts'
import { measureLongChat, measureWords } from './screen.ts'
import { measureFirstToken, measureToolRound } from './streaming.ts'

const say = (text: string) => console.error(`bench: ${text}`)

type Part = {
  model: 'router' | 'provider'
  measures: ((ground: Ground) => Promise<Figure[]>)[]
}

const parts: Record<string, Part> = {
  tokens: { model: 'provider', measures: [measureFirstToken, measureToolRound] },
  words: { model: 'router', measures: [measureWords] },
  long: { model: 'router', measures: [measureLongChat] },
  loading: {
    model: 'router',
    measures: [measureScripts, (ground) => measureLighthouse(ground, say)],
  },
}

async function measure(names: string[], model: Part['model']): Promise<void> {
  const wanted = names.filter((name) => parts[name]!.model === model)
  if (wanted.length === 0) return
  await using held = new AsyncDisposableStack()
  const ground = await prepare(held, { model, say })
  console.log(`Chromium ${ground.browser.version()}`)
  for (const name of wanted) {
    for (const take of parts[name]!.measures) {
      const others = watchOthers()
      for (const figure of await take(ground)) console.log(line(figure))
      console.log(
        `  (other work took ${(others() * 100).toFixed(0)} % of the processors meanwhile)`,
      )
    }
  }
}

if (import.meta.main) {
  const unknown = Deno.args.find((name) => !(name in parts))
  if (unknown !== undefined) {
    say(`no such part: ${unknown}; there are ${Object.keys(parts).join(' ')}`)
    Deno.exit(2)
  }
  const names = Deno.args.length > 0 ? Deno.args : Object.keys(parts)
  const { cpu, cores, memory_gb, os, deno } = machine()
  console.log(`${cores} × ${cpu}, ${memory_gb} GB, ${os}; Deno ${deno}`)
  await measure(names, 'provider')
  await measure(names, 'router')
  Deno.exit(0)
}
