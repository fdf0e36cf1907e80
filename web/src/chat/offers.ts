// What the team’s servers offer besides tools: prompts and resources, asked of each server when someone
// first looks, and kept for a while. A server that fails takes nothing from the others.
import { useQueries } from '@tanstack/react-query'
import type { Prompt, Resource, ResourceTemplate } from '@shared/context.ts'
import { call } from '@/lib/call.ts'
import { signInFirst } from '@/lib/read-resource.ts'

export type OfferKind = 'prompts' | 'resources'
type From = { server_id: string; server_name: string }
export type OfferedPrompt = From & { kind: 'prompt'; prompt: Prompt }
/** One resource, or the pattern of many: its address has gaps to fill. */
export type OfferedResource =
  & From
  & ({ kind: 'resource'; resource: Resource } | { kind: 'template'; template: ResourceTemplate })
export type Offered = OfferedPrompt | OfferedResource

export type Offers = {
  found: Offered[]
  /** Servers that have not answered yet. */
  asking: number
  /** Those that could not be asked, and why. */
  failed: { server_name: string; message: string }[]
}

const keptFor = 5 * 60_000

/** `kind` null asks nobody. */
export function useOffers(
  team_id: string,
  { kind, servers }: { kind: OfferKind | null; servers: Map<string, string> },
): Offers {
  const asked = kind === null ? [] : [...servers]
  return useQueries({
    queries: asked.map(([server_id, server_name]) => ({
      queryKey: ['team', team_id, 'servers', server_id, kind],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        offersOf(kind!, { team_id, server_id, server_name, signal }),
      staleTime: keptFor,
      retry: false,
    })),
    combine: (answers) => ({
      found: answers.flatMap(({ data }) => data ?? []),
      asking: answers.filter(({ isPending }) => isPending).length,
      failed: answers.flatMap(({ error }, at) =>
        error ? [{ server_name: asked[at]?.[1] ?? '', message: error.message }] : []
      ),
    }),
  })
}

type Asking = From & { team_id: string; signal: AbortSignal }

async function offersOf(kind: OfferKind, { signal, ...from }: Asking): Promise<Offered[]> {
  const { team_id, server_id, server_name } = from
  const of = { server_id, server_name }
  if (kind === 'prompts') {
    const listed = await call('list_prompts', { team_id, server_id }, { signal })
    if ('status' in listed) throw signInFirst()
    return listed.prompts.map((prompt) => ({ kind: 'prompt', prompt, ...of }))
  }
  const listed = await call('list_resources', { team_id, server_id }, { signal })
  if ('status' in listed) throw signInFirst()
  return [
    ...listed.templates.map((template) => ({ kind: 'template' as const, template, ...of })),
    ...listed.resources.map((resource) => ({ kind: 'resource' as const, resource, ...of })),
  ]
}

/** What it is called, and what it is about: the server’s own words, on one line. */
export function wordsOf(offered: Offered): { title: string; about: string | null } {
  const { title, name, description } = offered.kind === 'prompt'
    ? offered.prompt
    : offered.kind === 'template'
    ? offered.template
    : offered.resource
  return { title: title?.trim() || name, about: description?.trim() || addressOf(offered) }
}

function addressOf(offered: Offered): string | null {
  if (offered.kind === 'prompt') return null
  return offered.kind === 'template' ? offered.template.uriTemplate : offered.resource.uri
}

/** A name for lists and keys: nothing else in the palette has it. */
export function keyOf(offered: Offered): string {
  const own = offered.kind === 'prompt' ? offered.prompt.name : addressOf(offered)
  return `${offered.kind}:${offered.server_id}:${own}`
}

/** Those that have every word of what was typed; names before descriptions, otherwise as they came. */
export function findOffers(offers: Offered[], typed: string): Offered[] {
  const words = typed.toLowerCase().split(/[\s_\-.]+/).filter(Boolean)
  const scored = offers.flatMap((offered) => {
    const { title, about } = wordsOf(offered)
    const name = title.toLowerCase()
    const rest = `${about ?? ''} ${offered.server_name} ${keyOf(offered)}`.toLowerCase()
    const scores = words.map((word) => name.includes(word) ? 2 : rest.includes(word) ? 1 : 0)
    return scores.some((score) => score === 0)
      ? []
      : [{ offered, score: scores.reduce<number>((sum, score) => sum + score, 0) }]
  })
  return scored.sort((a, b) => b.score - a.score).map(({ offered }) => offered)
}
