// Lets a model call tools it is not shown. The provider is told only of those that are offered; a call of
// `run_tool` becomes a call of the tool it names before anything else sees it, so that policy, missing
// arguments, cards, history and re-runs know only that tool.
import { wrapLanguageModel } from 'ai'
import { isRecord } from '../../../../../shared/json.ts'
import type { LanguageModelV4 } from './choose.ts'

type Known = { offered: Set<string>; known: Set<string>; runTool: string }
type Streamed = Awaited<ReturnType<LanguageModelV4['doStream']>>
type Part = Streamed['stream'] extends ReadableStream<infer One> ? One : never

/** The same model, offered these tools, which calls all known ones. */
export function throughRunTool(model: LanguageModelV4, known: Known): LanguageModelV4 {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      transformParams: ({ params }) =>
        Promise.resolve({
          ...params,
          tools: params.tools?.filter(({ name }) => known.offered.has(name)),
        }),
      wrapStream: async ({ doStream }) => {
        const { stream, ...rest } = await doStream()
        return { stream: stream.pipeThrough(named(known)), ...rest }
      },
    },
  })
}

/** What is being written of a `run_tool` is not shown: which tool it is, is known when it is whole. */
function named({ known, runTool }: Known): TransformStream<Part, Part> {
  const hidden = new Set<string>()
  return new TransformStream({
    transform(part, controller) {
      if (part.type === 'tool-input-start' && part.toolName === runTool) {
        hidden.add(part.id)
        return
      }
      if (
        (part.type === 'tool-input-delta' || part.type === 'tool-input-end') && hidden.has(part.id)
      ) {
        if (part.type === 'tool-input-end') hidden.delete(part.id)
        return
      }
      const meant = part.type === 'tool-call' && part.toolName === runTool
        ? readRun(part.input)
        : null
      if (part.type === 'tool-call' && meant && meant.tool !== runTool && known.has(meant.tool)) {
        controller.enqueue({ ...part, toolName: meant.tool, input: meant.input })
        return
      }
      controller.enqueue(part)
    },
  })
}

/** Some models write the arguments as a text of JSON. */
function readRun(input: string): { tool: string; input: string } | null {
  const written = parsed(input)
  if (!isRecord(written) || typeof written.tool !== 'string') return null
  const given = typeof written.arguments === 'string'
    ? parsed(written.arguments)
    : written.arguments
  const { tool } = written
  if (given === undefined) return { tool, input: '{}' }
  return isRecord(given) ? { tool, input: JSON.stringify(given) } : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
