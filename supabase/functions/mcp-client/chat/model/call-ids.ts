// Gives every tool call of a model an id of ours. Some OpenAI-compatible servers repeat theirs, leave
// them empty or use characters another provider refuses; cards and history are keyed by this id.
import { wrapLanguageModel } from 'ai'
import type { LanguageModelV4 } from './choose.ts'

/** The same model; the ids of its tool calls are UUIDs, in the stream and in what it is sent back. */
export function withOwnCallIds(model: LanguageModelV4): LanguageModelV4 {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      wrapStream: async ({ doStream }) => {
        const { stream, ...rest } = await doStream()
        const ids = new Map<string, string>()
        const ours = (theirs: string) => {
          const known = ids.get(theirs) ?? crypto.randomUUID()
          ids.set(theirs, known)
          return known
        }
        const renamed = new TransformStream<
          typeof stream extends ReadableStream<infer Part> ? Part : never
        >({
          transform(part, controller) {
            switch (part.type) {
              case 'tool-input-start':
              case 'tool-input-delta':
              case 'tool-input-end':
                return controller.enqueue({ ...part, id: ours(part.id) })
              case 'tool-call': {
                controller.enqueue({ ...part, toolCallId: ours(part.toolCallId) })
                // A second call under the same id is a second call.
                ids.delete(part.toolCallId)
                return
              }
              default:
                return controller.enqueue(part)
            }
          },
        })
        return { stream: stream.pipeThrough(renamed), ...rest }
      },
    },
  })
}
