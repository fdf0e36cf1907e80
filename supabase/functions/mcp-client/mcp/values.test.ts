import assert from 'node:assert/strict'
import { EgressError } from './egress-error.ts'
import { valueCounter } from './values.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const refuses = (work: () => void) =>
  assert.throws(work, (error) => error instanceof EgressError && error.reason === 'too_large')

Deno.test('values are counted, whatever they are in and however the text is cut', () => {
  for (const [text, values] of [['[1,2,3,4]', 4], ['{"a":1,"b":[2,{"c":3}]}', 5]] as const) {
    valueCounter(values).see(bytes(text))
    refuses(() => valueCounter(values - 1).see(bytes(text)))
    const counter = valueCounter(values - 1)
    refuses(() => bytes(text).forEach((byte) => counter.see(Uint8Array.of(byte))))
  }
})

Deno.test('what a string holds is no value', () => {
  valueCounter(1).see(bytes(String.raw`["a,b,[{\",\\"]`))
  const counter = valueCounter(1)
  for (const piece of ['["a\\', '",,,', '"]']) counter.see(bytes(piece))
})

Deno.test('a quote left open in one line hides nothing in the next', () => {
  const counter = valueCounter(3)
  counter.see(bytes('id: "'))
  counter.endLine()
  refuses(() => counter.see(bytes('data: [1,2,3,4]')))
})
