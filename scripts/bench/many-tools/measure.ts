// How often the right tool is among the first one, and the first five, that a search finds.
import type { Question } from './catalogue.ts'

export type Recall = { of: number; at_1: number; at_5: number; missed: string[] }

export function recall(questions: Question[], search: (asked: string) => string[]): Recall {
  const places = questions.map(({ asked, right }) => ({ asked, right, found: search(asked) }))
  const within = (most: number) =>
    places.filter(({ right, found }) => found.slice(0, most).includes(right)).length
  return {
    of: questions.length,
    at_1: within(1),
    at_5: within(5),
    missed: places.filter(({ right, found }) => !found.slice(0, 5).includes(right))
      .map(({ asked, right, found }) => `${asked} → ${right}, not ${found.slice(0, 5).join(', ')}`),
  }
}
