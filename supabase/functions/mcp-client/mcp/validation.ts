// Judges a call’s parameters against the tool’s input schema, and an answer against its output schema.
// Schemas come from servers: they are made safe first (schema.ts), compiled once, and each judgement
// has a budget. When a schema cannot be compiled or costs too much there is no verdict, and so no
// problem: the server judges its own parameters in any case.
import { Ajv } from '@modelcontextprotocol/client/validators/ajv'
import type { FieldProblem } from '../../../../shared/errors.ts'
import type { ToolResult } from '../../../../shared/execution.ts'
import type { JsonSchema } from '../../../../shared/tool.ts'
import { cleanText } from './content.ts'
import { judgeable, visitCost } from './schema.ts'

type Judge = ReturnType<InstanceType<typeof Ajv>['compile']>
type Problem = NonNullable<Judge['errors']>[number]

const mostJudges = 300
const mostSchemaCharacters = 256 * 1_024
const mostProblems = 20
/** Telling problems apart compares each with each, and a hostile value has a problem in every place. */
const mostCompared = 1_000
/** Schema objects visited in one judgement; a hostile schema doubles the visits at every level. */
const mostVisits = 200_000

const judges = new Map<string, Judge | null>()
let visitsLeft = 0

class OverBudget extends Error {}

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  validateSchema: false,
  validateFormats: false,
  inlineRefs: false,
  ownProperties: true,
  meta: false,
  logger: false,
})
ajv.addKeyword({
  keyword: visitCost,
  errors: false,
  validate(cost: number, value: unknown) {
    visitsLeft -= cost + (typeof value === 'string' ? value.length >> 6 : 0)
    if (visitsLeft < 0) throw new OverBudget()
    return true
  },
})

/**
 * What is wrong with the parameters, one problem per field: `path` is dotted and starts with
 * `parameters`; a missing required field is named itself. `pattern`, `patternProperties` and `format`
 * are never evaluated, references out of the schema never followed.
 */
export function checkParameters(
  inputSchema: JsonSchema,
  parameters: Record<string, unknown>,
): FieldProblem[] {
  const problems = problemsOf(inputSchema, parameters).slice(0, mostCompared)
  const choices = problems.filter((problem) => isChoice(problem))
  const within = (path: string) => choices.some((choice) => covers(choice.instancePath, path))
  const told = problems.filter((problem) => isChoice(problem) || !within(problem.instancePath))
  const named = new Map<string, FieldProblem>()
  for (const problem of told) {
    const said = inWords(problem, problems)
    if (!named.has(said.path)) named.set(said.path, said)
  }
  return [...named.values()].slice(0, mostProblems)
}

/** Why an answer breaks the tool’s promise, as a sentence, or null. A tool’s own error promises nothing. */
export function outputProblem(outputSchema: unknown, result: ToolResult): string | null {
  if (typeof outputSchema !== 'object' || outputSchema === null || result.isError) return null
  if (result.structuredContent === undefined) {
    return 'The server’s answer lacks the structured content that the tool promises'
  }
  if (problemsOf(outputSchema, result.structuredContent).length === 0) return null
  return 'The server’s answer does not match what the tool promises'
}

function problemsOf(schema: unknown, value: unknown): Problem[] {
  const judge = judgeOf(schema)
  if (!judge) return []
  visitsLeft = mostVisits
  try {
    return judge(value) ? [] : judge.errors ?? []
  } catch {
    return [] // over budget, or a reference that refers to itself
  }
}

/** Keyed by text: the same definition is read from the database anew for every call. */
function judgeOf(schema: unknown): Judge | null {
  const text = JSON.stringify(schema) ?? ''
  if (text.length > mostSchemaCharacters) return null
  const known = judges.get(text)
  if (known !== undefined) return known
  const judge = compiled(schema)
  const oldest = judges.keys().next()
  if (judges.size >= mostJudges && !oldest.done) judges.delete(oldest.value)
  judges.set(text, judge)
  return judge
}

function compiled(schema: unknown): Judge | null {
  const safe = judgeable(schema)
  if (safe === null || typeof safe === 'boolean') return null
  try {
    return ajv.compile(safe)
  } catch {
    return null
  } finally {
    ajv.removeSchema(safe) // it would keep every schema for ever
  }
}

function isChoice(problem: Problem): boolean {
  return problem.keyword === 'anyOf' || problem.keyword === 'oneOf'
}

function covers(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`)
}

function inWords(problem: Problem, all: Problem[]): FieldProblem {
  const { instancePath, keyword, params } = problem
  if (keyword === 'required') {
    return { path: dotted(instancePath, params.missingProperty), message: 'is required' }
  }
  if (keyword === 'additionalProperties') {
    const path = dotted(instancePath, params.additionalProperty)
    return { path, message: 'is not a parameter of this tool' }
  }
  const path = dotted(instancePath)
  if (isChoice(problem)) return { path, message: choiceInWords(problem, all) }
  if (keyword === 'enum') {
    const values = (params.allowedValues as unknown[]).slice(0, 20).map((one) =>
      JSON.stringify(one)
    )
    return { path, message: cleanText(`must be one of ${values.join(', ')}`, 300) }
  }
  return { path, message: cleanText(problem.message ?? 'is not allowed', 300) }
}

function choiceInWords(choice: Problem, all: Problem[]): string {
  const branches = all.filter((one) =>
    one !== choice && covers(choice.instancePath, one.instancePath)
  )
  const types = branches.filter((one) =>
    one.keyword === 'type' && one.instancePath === choice.instancePath
  )
  if (types.length === 0 || types.length < branches.length) {
    return 'matches none of the allowed forms'
  }
  return `must be ${[...new Set(types.flatMap((one) => one.params.type))].join(' or ')}`
}

function dotted(pointer: string, last?: unknown): string {
  const steps = pointer.split('/').slice(1).map((step) =>
    step.replace(/~1/g, '/').replace(/~0/g, '~')
  )
  if (typeof last === 'string') steps.push(last)
  return cleanText(['parameters', ...steps].join('.'), 300)
}
