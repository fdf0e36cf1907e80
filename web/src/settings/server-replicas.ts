// Further addresses of one server, written one per line. Pure.
import type { FieldProblem } from '@shared/errors.ts'
import type { Server } from '@shared/server.ts'
import { asAddress } from './server-source.ts'

/** So many a server may have beside its own. */
export const mostReplicas = 7

export function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean)
}

export function replicasOf({ config }: Pick<Server, 'config'>): string[] {
  const { replicas } = config
  return Array.isArray(replicas) ? replicas.filter((one) => typeof one === 'string') : []
}

type Read = { replicas: string[]; problem: string | null }

/** Each once, and none that is the server's own. */
export function readReplicas(text: string, own: string): Read {
  const read = lines(text).map((line) => ({ line, url: asAddress(line) }))
  const wrong = read.find(({ url }) => url === null)
  if (wrong) return { replicas: [], problem: `Not an address: ${wrong.line.slice(0, 60)}` }
  const replicas = [...new Set(read.map(({ url }) => url!.href))].filter((href) => href !== own)
  if (replicas.length > mostReplicas) {
    return { replicas: [], problem: `At most ${mostReplicas} further addresses` }
  }
  return { replicas, problem: null }
}

/** What the function said of one of them, or of all: `config.replicas.0`. */
export function replicaProblem(problems: FieldProblem[]): string | null {
  return problems.find(({ path }) => /^config\.replicas(\.|$)/.test(path))?.message ?? null
}
