// How a person last looked at the tables of a tool: as a table, or as which chart of what. Kept on this device.
import { useState } from 'react'
import { keep, keptJson } from '@/lib/kept.ts'
import { type ChartKind, chartKinds } from './chart-plan.ts'

export type Look = { kind: ChartKind | 'table'; measures: string[] }

const keptAs = 'charts'
/** Of so many tools; the ones looked at longest ago are forgotten. */
const most = 100

/** `of`: the tool whose tables they are; null remembers nothing. */
export function useLook(of: string | null): [Look | null, (look: Look) => void] {
  const [look, setLook] = useState(() => of === null ? null : keptLook(of))
  return [look, (next) => {
    setLook(next)
    if (of === null) return
    const others = allKept().filter(([tool]) => tool !== of)
    keep(keptAs, [[of, next], ...others].slice(0, most))
  }]
}

function keptLook(of: string): Look | null {
  const found = allKept().find(([tool]) => tool === of)?.[1]
  const known = found && (found.kind === 'table' || chartKinds.includes(found.kind)) &&
    Array.isArray(found.measures)
  return known ? found : null
}

function allKept(): [string, Look][] {
  const found = keptJson<unknown>(keptAs)
  return Array.isArray(found) ? found.filter((one) => Array.isArray(one) && one[1]) : []
}
