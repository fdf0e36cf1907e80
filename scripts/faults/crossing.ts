// One connection through a wire: passes bytes both ways, follows just enough of the HTTP in them to know
// the moment, and does there what is broken. What it met stays with it, but for noise.
import { connect, type Socket } from 'node:net'
import type { Random } from '../scenarios/scenario.ts'
import { announceLess, answerReader } from './answer-reader.ts'
import type { Break, Fault } from './wire.ts'

export type Way = {
  /** A port of this machine. */
  to: number
  random: Random
  /** How the way is broken now, and whether a tool has been called since. */
  broken(): Break | null
  called(): boolean
  /** A tool is called. */
  calls(): void
  struck(): void
  /** Lets nobody connect any more and ends everyone who is. */
  refuse(): void
  over(crossing: Crossing): void
}

const dripMs = 150
const page = '<html><h1>502 Bad Gateway</h1></html>'
const badGateway = `HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: ` +
  `${page.length}\r\n\r\n${page}`
const notHttp = 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'
const lastChunk = '0\r\n\r\n'
const emptyAnswer = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n'

export class Crossing {
  readonly #client: Socket
  readonly #server: Socket
  readonly #way: Way
  readonly #answer = answerReader()
  /** What it met, once it met something. */
  #met: Fault | null = null
  /** The last request that went out calls a tool. */
  #calling = false
  #dripping: number[] = []
  #drip: ReturnType<typeof setInterval> | undefined

  constructor(client: Socket, way: Way) {
    this.#client = client.setNoDelay(true)
    this.#way = way
    this.#server = connect({ port: way.to, host: '127.0.0.1' })
    client.on('data', (bytes: Uint8Array) => this.#ask(bytes))
    client.on('end', () => this.#server.end())
    client.on('error', () => {}).on('close', () => this.#over())
    this.#server.on('data', (bytes: Uint8Array) => this.#hear(bytes))
    this.#server.on('error', () => {}).on('close', () => this.#met ?? client.end())
    const broken = way.broken()
    if (broken?.moment === 'connect') this.#strike(broken, new Uint8Array())
  }

  reset(): void {
    this.#client.resetAndDestroy()
    this.#server.destroy()
  }

  #over(): void {
    clearInterval(this.#drip)
    this.#server.destroy()
    this.#way.over(this)
  }

  #ask(bytes: Uint8Array): void {
    if (this.#met === 'garbage') return void this.#client.end(this.#garbage())
    if (this.#met && this.#met !== 'dripping' && this.#met !== 'corrupted') return
    this.#calling = textOf(bytes).includes('"tools/call"')
    if (this.#calling) this.#way.calls()
    this.#answer.expect()
    this.#server.write(bytes)
  }

  #hear(heard: Uint8Array): void {
    // Noise is over when it is over: a connection with whole answers may be used again.
    if (this.#met === 'corrupted' && !this.#way.broken()) this.#met = null
    if (this.#met) return this.#goOn(heard)
    const broken = this.#way.called() ? this.#way.broken() : null
    const bytes = broken && this.#calling ? announced(heard, broken) : heard
    const at = this.#answer.find(textOf(bytes), this.#concerns(broken) ? broken : null)
    if (at === null) return void this.#client.write(bytes)
    this.#client.write(bytes.slice(0, at))
    this.#strike(broken!, bytes.slice(at))
  }

  /** A legacy server answers on a stream beside the call; JSON is always an answer of the call’s own. */
  #concerns(broken: Break | null): boolean {
    return broken !== null && (broken.moment !== 'mid-JSON' || this.#calling)
  }

  #strike({ fault, moment }: Break, rest: Uint8Array): void {
    this.#met = fault
    this.#way.struck()
    switch (fault) {
      case 'refused':
        return this.#way.refuse()
      case 'reset':
        return this.reset()
      case 'closed':
        return void this.#client.end()
      case 'stalled':
        return
      case 'dripping':
        this.#drip = setInterval(() => this.#letDrip(), dripMs)
        return this.#goOn(rest)
      case 'corrupted':
        return this.#goOn(rest)
      case 'truncated':
        return void this.#client.end(this.#endingAt(moment))
      case 'garbage':
        // While connecting nothing has been asked yet, and nobody answers before that.
        if (moment !== 'connect') this.#client.end(this.#garbage())
    }
  }

  /** What is still answered where not everything is lost. */
  #goOn(bytes: Uint8Array): void {
    if (this.#met === 'dripping') this.#dripping.push(...bytes)
    // No byte stays ASCII, so nothing of it is JSON, an event or HTTP by chance.
    if (this.#met === 'corrupted') {
      this.#client.write(bytes.map((byte) => byte ^ (0x80 | this.#way.random.below(0x80))))
    }
  }

  #letDrip(): void {
    const byte = this.#dripping.shift()
    if (byte !== undefined) this.#client.write(Uint8Array.of(byte))
  }

  /** The rest of a shortened answer that HTTP has no objections to; while connecting, half a status line. */
  #endingAt(moment: Break['moment']): string {
    if (moment === 'connect') return 'HTTP/1.1 20'
    if (this.#answer.streaming()) return lastChunk
    return moment === 'first byte' ? emptyAnswer : ''
  }

  #garbage(): string {
    return this.#way.random.pick([badGateway, notHttp])
  }
}

/** Where an answer is cut off as HTTP wants it, its head announces what comes. */
function announced(bytes: Uint8Array, { fault, moment }: Break): Uint8Array {
  if (fault !== 'truncated' || moment !== 'mid-JSON') return bytes
  return Uint8Array.from(announceLess(textOf(bytes)), (letter) => letter.charCodeAt(0))
}

/** One letter a byte. */
function textOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
