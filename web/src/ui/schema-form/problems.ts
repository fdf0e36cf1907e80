// Puts each problem beside the field it is about. A path nobody drew goes to its nearest drawn parent,
// and to the top of the form when there is none: nothing that is wrong goes unsaid.
import type { FieldProblem } from '@shared/errors.ts'
import { isRecord } from '@shared/json.ts'
import type { Draft, Field } from './field.ts'
import { VariantDraft } from './field.ts'
import { join } from './read.ts'

/** Sentences by path; `''` is the form as a whole. */
export type ProblemsByPath = ReadonlyMap<string, string>

/** The function names the whole input `parameters`; here that is the form itself. */
export function withoutPrefix({ path, message }: FieldProblem): FieldProblem {
  return { path: path.replace(/^parameters(\.|$)/, ''), message }
}

export function placeProblems(
  problems: readonly FieldProblem[],
  { field, draft }: { field: Field; draft: Draft },
): ProblemsByPath {
  const drawn = new Set(drawnPaths(field, draft, ''))
  const placed = new Map<string, string>()
  for (const { path, message } of problems) {
    let here = path
    while (here !== '' && !drawn.has(here)) here = here.slice(0, Math.max(here.lastIndexOf('.'), 0))
    const said = here === path ? message : `${path}: ${message}`
    placed.set(here, placed.has(here) ? `${placed.get(here)} · ${said}` : said)
  }
  return placed
}

function drawnPaths(field: Field, draft: Draft, path: string): string[] {
  switch (field.kind) {
    case 'group': {
      const drafts = isRecord(draft) ? draft as Record<string, Draft> : {}
      const inner = field.fields.flatMap(({ name, field: one }) =>
        drawnPaths(one, drafts[name], join(path, name))
      )
      return [path, ...inner]
    }
    case 'list': {
      const rows = Array.isArray(draft) ? draft : []
      return [path, ...rows.flatMap((row, at) => drawnPaths(field.item, row, join(path, `${at}`)))]
    }
    case 'variant': {
      const variant = draft instanceof VariantDraft ? field.variants[draft.chosen] : undefined
      const inner = draft instanceof VariantDraft ? draft.draft : undefined
      return variant ? [path, ...drawnPaths(variant, inner, path)] : [path]
    }
    default:
      return [path]
  }
}
