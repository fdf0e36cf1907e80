// One trial: one call, and the one moment of it at which something breaks. Recognises the steps of a call
// from outside the function, by the requests it makes, and breaks the right one once.
import type { Random } from '../scenarios/scenario.ts'
import type { Fate, Moment, Observer, Passing } from './between.ts'
import type { Heard } from './callers.ts'

export const steps = ['begin', 'connect', 'call', 'watch', 'suspend', 'resume', 'finish'] as const
export type Step = typeof steps[number]
export const moments = ['before', 'after'] as const
export const hows = ['throw', 'hang', 'kill'] as const
export type How = typeof hows[number]

export type Trial = {
  /** Travels as an argument of the call, and is its idempotency key. */
  id: string
  step: Step
  moment: Moment
  how: How
  server_id: string
  /** Ends the process that makes this call. */
  kill: () => Promise<void>
  /** Resolves once the call has come to its moment. */
  met: PromiseWithResolvers<void>
  isMet: boolean
  heard: Heard[]
}

/** A step that only a call which asks a person has. */
export function asks({ step }: Pick<Trial, 'step'>): boolean {
  return step === 'suspend' || step === 'resume'
}

/** The trials under way. */
export class Trials {
  readonly #random: Random
  readonly #byId = new Map<string, Trial>()
  readonly #byExecution = new Map<string, Trial>()

  constructor(random: Random) {
    this.#random = random
  }

  begin(trial: Trial): void {
    this.#byId.set(trial.id, trial)
  }

  /** In front of the project: the Data API’s remote procedure calls. */
  readonly project: Observer = {
    wants: ({ path }) => procedureOf(path) !== null,
    meet: (passing, moment, answer) => {
      const step = procedureOf(passing.path)!
      const asked = JSON.parse(passing.body)
      if (step !== 'begin') {
        return this.#meet(this.#byExecution.get(asked.p_execution_id), { step, moment })
      }
      const trial = this.#byId.get(asked.p_parameters.id)
      const execution_id = answer && JSON.parse(answer)?.execution_id
      if (trial && execution_id) this.#byExecution.set(execution_id, trial)
      return this.#meet(trial, { step, moment })
    },
  }

  /** In front of the upstream: JSON-RPC. A connection is recognised by its path, which begins with the trial. */
  readonly upstream: Observer = {
    wants: (passing) => methodOf(passing) !== null,
    meet: (passing, moment) => {
      const step = methodOf(passing)!
      const id = step === 'connect'
        ? passing.path.split('/')[1]!
        : JSON.parse(passing.body).params.arguments.id
      return this.#meet(this.#byId.get(id), { step, moment })
    },
  }

  async #meet(
    trial: Trial | undefined,
    { step, moment }: { step: Step; moment: Moment },
  ): Promise<Fate> {
    if (!trial || trial.isMet || trial.step !== step || trial.moment !== moment) return 'pass'
    trial.isMet = true
    if (trial.how === 'kill') await trial.kill()
    trial.met.resolve()
    if (trial.how === 'hang') return 'hang'
    if (trial.how === 'kill') return 'cut'
    return this.#random.pick(['refuse', 'cut'])
  }
}

function procedureOf(path: string): Step | null {
  const name = /^\/rest\/v1\/rpc\/(\w+)_execution$/.exec(path)?.[1] as Step
  return steps.includes(name) ? name : null
}

function methodOf({ method, body }: Passing): Step | null {
  if (method !== 'POST' || !body.startsWith('{')) return null
  const asked = JSON.parse(body).method
  if (asked === 'initialize' || asked === 'server/discover') return 'connect'
  return asked === 'tools/call' ? 'call' : null
}
