// Tries the model that answers a team: one word, with a tool on offer as in a chat, within a short time.
import type { App } from '../../app.ts'
import { AppError } from '../../http.ts'
import { type Chosen, teamsModel } from './choose.ts'
import { EMPTY_ANSWER, endingProblem, problemSentence } from './problem.ts'

const DEADLINE_MS = 15_000
const MOST_TOKENS = 16
/** Nobody’s answer of 16 tokens has more parts than this. */
const MOST_PARTS = 500
const SLOW = 'The model did not answer within 15 seconds. It may be loading: try again in a minute.'

export type Tried = { ok: boolean; message: string }

export async function tryModel(
  app: App,
  { team_id, signal }: { team_id: string; signal: AbortSignal },
): Promise<Tried> {
  const late = AbortSignal.timeout(DEADLINE_MS)
  try {
    const chosen = await teamsModel(app, team_id)
    const { name, provider } = chosen.described
    if (provider === 'router') {
      return {
        ok: true,
        message: 'The built-in router answers. It is no language model, and is always there.',
      }
    }
    const problem = await problemOf(chosen, AbortSignal.any([signal, late]))
    if (late.aborted) return { ok: false, message: SLOW }
    return { ok: problem === null, message: problem ?? `“${name}” answers, and takes tools.` }
  } catch (thrown) {
    if (thrown instanceof AppError) return { ok: false, message: thrown.message }
    throw thrown
  }
}

async function problemOf(chosen: Chosen, signal: AbortSignal): Promise<string | null> {
  const done = new AbortController()
  const tried = { ...chosen, here: true } as const
  try {
    return await ask(tried, AbortSignal.any([signal, done.signal]))
  } catch (thrown) {
    return problemSentence(thrown, tried)
  } finally {
    // What is still on its way is not waited for, nor paid for.
    done.abort()
  }
}

async function ask(
  { model, ...asked }: Chosen & { here: true },
  abortSignal: AbortSignal,
): Promise<string | null> {
  const { stream } = await model.doStream({
    prompt: [{
      role: 'user',
      content: [{ type: 'text', text: 'Answer with the one word: ready' }],
    }],
    maxOutputTokens: MOST_TOKENS,
    tools: [TOOL],
    toolChoice: { type: 'auto' },
    abortSignal,
  })
  let parts = 0
  for await (const part of stream) {
    if (part.type === 'error') return problemSentence(part.error, asked)
    // Thinking counts: a small bound may leave room for nothing else.
    if (/^(?:text|reasoning|tool-input)-delta$/.test(part.type) || part.type === 'tool-call') {
      return null
    }
    if (part.type === 'finish') {
      const reason = part.finishReason.unified
      return endingProblem(reason) ?? (reason === 'length' ? null : EMPTY_ANSWER)
    }
    if (++parts > MOST_PARTS) break
  }
  return EMPTY_ANSWER
}

const TOOL = {
  type: 'function',
  name: 'report_ready',
  description: 'Reports that you are ready. Not needed to answer.',
  inputSchema: { type: 'object', properties: {}, additionalProperties: false },
} as const
