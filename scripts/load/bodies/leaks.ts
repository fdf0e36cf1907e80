// What no answer may hold: a secret in any usual dress, a stack, a path of ours, or words of the database.
import { Buffer } from 'node:buffer'

/** Gives what is wrong with an answer's text, in words that can be printed, or null. */
export type LookForLeaks = (text: string) => string | null

const words: [string, RegExp][] = [
  ['a stack', /\bat (?:async )?[\w.<>$]* ?\(?(?:file|ext|node|npm|https?):\S*:\d+/],
  ['a line of our code', /\.ts:\d+/],
  ['a path of this machine', /file:\/\/\/|node_modules|\/mcp-client\/[\w/-]+\.ts/],
  ['an error of the runtime', /\b(?:Type|Syntax|Range|Reference|URI|Aggregate)Error\b/],
  ['words of the Data API', /\bPGRST\w+/],
  [
    'words of the database',
    /\bpg_\w+|SQLSTATE|(?:relation|column|constraint|function) \\?"|violates|duplicate key|invalid input syntax|unsupported Unicode|postgres(?:ql)?:\/\//i,
  ],
  ['a column that is sealed', /encrypted_value|key_version/],
  ['an error of ours', /"(?:error_)?code":"internal"|Something went wrong on our side/],
]

/** `secrets`: what must not be seen, by what it is called in a report. */
export function leakFinder(secrets: Record<string, string>): LookForLeaks {
  const dressed = Object.entries(secrets).flatMap(([name, secret]) =>
    dressesOf(secret).map((dress) => [name, dress] as const)
  )
  return (text) => {
    const secret = dressed.find(([, dress]) => text.includes(dress))
    if (secret) return secret[0]
    const word = words.find(([, pattern]) => pattern.test(text))
    return word ? `${word[0]} (${around(text, word[1])})` : null
  }
}

function around(text: string, pattern: RegExp): string {
  const at = text.search(pattern)
  return JSON.stringify(text.slice(Math.max(0, at - 80), at + 160))
}

/** As it is, in JSON, in an address, in hex, and in base64 wherever it begins within a longer text. */
function dressesOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
    // The first and last characters also hold bits of what stands around it.
    return (['base64', 'base64url'] as const).map((code) =>
      whole.toString(code).replace(/=+$/, '').slice(before === 0 ? 0 : 4, -2)
    )
  })
  return [
    ...new Set([
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      bytes.toString('hex'),
      ...inBase64,
    ]),
  ]
}
