// How many calls the team allows itself: read by everyone in it, set by its admins.
import { queryOptions } from '@tanstack/react-query'
import { count } from '@/lib/format.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import { readAmount, windowWords } from './amounts.ts'
import { notAllowed } from './queries.ts'

export type Limits = {
  rate_window_seconds: number
  /** Null: no limit. */
  rate_per_person: number | null
  rate_per_team: number | null
}

const columns = 'rate_window_seconds, rate_per_person, rate_per_team'

export function limitsQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'limits'],
    queryFn: async (): Promise<Limits> => {
      const [found] = await rows<Limits[]>(
        supabase().from('teams').select(columns).eq('id', team_id),
      )
      if (!found) throw notAllowed
      return found
    },
  })
}

export async function saveLimits(team_id: string, limits: Limits): Promise<Limits> {
  const [saved] = await rows<Limits[]>(
    supabase().from('teams').update(limits).eq('id', team_id).select(columns),
  )
  if (!saved) throw notAllowed
  return saved
}

/** As typed. */
export type LimitsDraft = { window: string; person: string; team: string }
export type LimitsProblems = Partial<Record<keyof LimitsDraft, string>>

export function draftOf(limits: Limits): LimitsDraft {
  return {
    window: String(limits.rate_window_seconds),
    person: limits.rate_per_person === null ? '' : String(limits.rate_per_person),
    team: limits.rate_per_team === null ? '' : String(limits.rate_per_team),
  }
}

const mostCalls = 1_000_000
const longestWindow = 86_400

type ReadLimits = { limits: Limits | null; problems: LimitsProblems }

/** The same bounds as the database keeps. `limits` is null where there are problems. */
export function readLimits(draft: LimitsDraft): ReadLimits {
  const window = readAmount(draft.window, { most: longestWindow })
  const person = readAmount(draft.person, { most: mostCalls })
  const team = readAmount(draft.team, { most: mostCalls })
  const problems: LimitsProblems = {}
  if ('problem' in window) problems.window = window.problem
  else if (window.value === null) problems.window = 'A window needs a length'
  if ('problem' in person) problems.person = person.problem
  if ('problem' in team) problems.team = team.problem
  if ('problem' in window || window.value === null || 'problem' in person || 'problem' in team) {
    return { limits: null, problems }
  }
  return {
    limits: {
      rate_window_seconds: window.value,
      rate_per_person: person.value,
      rate_per_team: team.value,
    },
    problems,
  }
}

/** `In every minute: 600 calls by one person, 6,000 by the whole team.` */
export function limitsSentence(limits: Limits): string {
  const { rate_window_seconds, rate_per_person, rate_per_team } = limits
  if (rate_per_person === null && rate_per_team === null) {
    return 'There is no limit: everyone may call tools as often as they like.'
  }
  const person = rate_per_person === null
    ? 'any number of calls by one person'
    : `${count(rate_per_person, 'call')} by one person`
  const team = rate_per_team === null
    ? 'any number by the whole team'
    : `${count(rate_per_team, 'call')} by the whole team`
  return `In every ${windowWords(rate_window_seconds)}: ${person}, ${team}.`
}
