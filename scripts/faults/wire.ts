// The way between the function and an upstream server: a TCP proxy on a port of its own that passes every
// byte on until it is broken, in a way and at a moment, and passes them on again once it is healed.
// A connection that was lost while the way was broken stays lost, as in a real network.
import { createServer, type Server, type Socket } from 'node:net'
import type { Random } from '../scenarios/scenario.ts'
import { Crossing } from './crossing.ts'

export const faults = [
  'refused',
  'reset',
  'closed',
  'stalled',
  'dripping',
  'corrupted',
  'truncated',
  'garbage',
] as const
export type Fault = typeof faults[number]

export const moments = ['connect', 'first byte', 'mid-JSON', 'mid-SSE'] as const
export type Moment = typeof moments[number]

export type Break = { fault: Fault; moment: Moment }

export type Wire = {
  port: number
  /** From here on what comes by at that moment meets the fault. */
  break(how: Break): Promise<void>
  heal(): Promise<void>
  /** Leads to another port from here on. Those on their way are lost. */
  lead(to: number): void
  /** Whether the fault was met since the way was broken. */
  struck(): boolean
  /** How often a tool was called since the way was broken. */
  calls(): number
  stop(): void
}

/** Opens a way to a port of this machine. */
export async function openWire(to: number, random: Random): Promise<Wire> {
  const wire = new TcpWire(to, random)
  await wire.listen()
  return wire
}

class TcpWire implements Wire {
  port = 0
  #to: number
  readonly #random: Random
  readonly #crossings = new Set<Crossing>()
  #listener: Server | null = null
  #unanswered: { end(): void } | null = null
  #broken: Break | null = null
  #calls = 0
  #struck = false

  constructor(to: number, random: Random) {
    this.#to = to
    this.#random = random
  }

  struck(): boolean {
    return this.#struck
  }

  calls(): number {
    return this.#calls
  }

  async listen(): Promise<void> {
    const listener = createServer({ allowHalfOpen: true }, (client) => this.#accept(client))
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject)
      listener.listen({ port: this.port, host: '127.0.0.1' }, resolve)
    })
    const address = listener.address()
    this.port = typeof address === 'object' && address ? address.port : 0
    this.#listener = listener
  }

  async break(how: Break): Promise<void> {
    this.#broken = how
    this.#struck = false
    this.#calls = 0
    if (how.moment !== 'connect') return
    const stalled = how.fault === 'stalled' && this.#random.below(2) === 0
    // Whoever meets a closed door does so unseen.
    this.#struck = how.fault === 'refused' || stalled
    if (this.#struck) this.#deafen()
    if (stalled) this.#unanswered = await leaveUnanswered(this.port)
    // Whoever wants to be served has to connect.
    for (const crossing of this.#crossings) crossing.reset()
  }

  async heal(): Promise<void> {
    this.#broken = null
    this.#unanswered?.end()
    this.#unanswered = null
    if (!this.#listener) await this.listen()
  }

  lead(to: number): void {
    this.#to = to
    for (const crossing of this.#crossings) crossing.reset()
  }

  stop(): void {
    this.#unanswered?.end()
    this.#refuse()
  }

  /** From here on a connection is refused. Those there are go on. */
  #deafen(): void {
    // It listens no more at once; that its last connection has ended is of no interest.
    this.#listener?.close()
    this.#listener = null
  }

  #accept(client: Socket): void {
    this.#crossings.add(
      new Crossing(client, {
        to: this.#to,
        random: this.#random,
        broken: () => this.#broken,
        called: () => this.#calls > 0,
        calls: () => void this.#calls++,
        struck: () => void (this.#struck = true),
        refuse: () => this.#refuse(),
        over: (crossing) => void this.#crossings.delete(crossing),
      }),
    )
  }

  #refuse(): void {
    this.#deafen()
    for (const crossing of this.#crossings) crossing.reset()
  }
}

/** A port that is there and answers no attempt to connect: its queue is full and nobody takes from it. */
async function leaveUnanswered(port: number): Promise<{ end(): void }> {
  const listener = Deno.listen({ hostname: '127.0.0.1', port, tcpBacklog: 1 })
  const places = [0, 1].map(() => Deno.connect({ hostname: '127.0.0.1', port }))
  const waiting = await Promise.all(places)
  return {
    end() {
      listener.close()
      for (const one of waiting) one.close()
    },
  }
}
