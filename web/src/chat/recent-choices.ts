// What a person chose last from the list over the composer, newest first. Kept on this device, a team at a time.
import { keep, keptJson } from '@/lib/kept.ts'

const most = 6
const keptAs = (team_id: string) => `recent.${team_id}`

export function recentChoices(team_id: string): string[] {
  const found = keptJson<unknown>(keptAs(team_id))
  return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : []
}

export function keepChoice(team_id: string, id: string): void {
  const others = recentChoices(team_id).filter((other) => other !== id)
  keep(keptAs(team_id), [id, ...others].slice(0, most))
}

/** Those chosen last first, the others as they were. */
export function recentFirst<Entry extends { id: string }>(
  entries: Entry[],
  recent: string[],
): (Entry & { recent: boolean })[] {
  const places = new Map(recent.map((id, place) => [id, place]))
  const marked = entries.map((entry) => ({ ...entry, recent: places.has(entry.id) }))
  return marked.toSorted((a, b) => (places.get(a.id) ?? most) - (places.get(b.id) ?? most))
}
