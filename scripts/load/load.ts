// `npm run load`: many callers at once, for long, on a real PostgreSQL with the function as a process of its
// own. A claim that does not hold fails the run; figures are printed as they were seen.
//
// Run: npm run load [-- <scenario> …] [-- --short] [-- --seed=<number>]
import { runScenarios } from '../scenarios/scenario.ts'
import { bodies } from './bodies/bodies.ts'
import { crossedAnswers } from './crossed-answers.ts'
import { finishers } from './finishers.ts'
import { largeTables } from './large-tables.ts'
import { leaks } from './leaks.ts'
import { rateLimits } from './rate-limits.ts'
import { sustained } from './sustained.ts'

await runScenarios([
  finishers,
  rateLimits,
  bodies,
  leaks,
  largeTables,
  crossedAnswers,
  sustained,
])
