// The two wire formats as the loop’s tests meet them: a fake server with a script, and the model on it.
import type { ModelMessage } from 'ai'
import type { ExecutionAnswer } from '../../../../shared/execution.ts'
import { startFakeAnthropic } from '../../../tests/models/fake-anthropic.ts'
import { startFakeOpenAi } from '../../../tests/models/fake-openai.ts'
import type { FakeModel, Scripted } from '../../../tests/models/scripted.ts'
import { type play, success } from './chat-fixture.ts'
import { LIMITS } from './loop.ts'
import { chooseModel } from './model/choose.ts'

export type Wire = {
  provider: 'openai_compatible' | 'anthropic'
  start(script: Scripted[]): FakeModel
}
export const wires: Wire[] = [
  { provider: 'openai_compatible', start: startFakeOpenAi },
  { provider: 'anthropic', start: startFakeAnthropic },
]
export const limits = { ...LIMITS, total_ms: 20_000, first_chunk_ms: 10_000, chunk_ms: 10_000 }

export async function withModel<T>(
  wire: Wire,
  script: Scripted[],
  test: (fake: FakeModel, model: NonNullable<Parameters<typeof play>[0]['model']>) => Promise<T>,
  past: ModelMessage[] = [],
): Promise<T> {
  const fake = wire.start(script)
  const settings = {
    provider: wire.provider,
    baseUrl: `${fake.url}/v1`,
    name: 'fake',
    apiKey: 'sk-test',
  }
  try {
    const chosen = await chooseModel(settings, fetch)
    return await test(fake, () => Promise.resolve({ chosen, past }))
  } finally {
    await fake.stop()
  }
}

/** A question that was asked before, the call the model made for it, and how that ended. */
export const pastCall: ModelMessage[] = [
  { role: 'user', content: 'say one' },
  {
    role: 'assistant',
    content: [{
      type: 'tool-call',
      toolCallId: 'old-1',
      toolName: 'everything__echo',
      input: { message: 'one' },
    }],
  },
  {
    role: 'tool',
    content: [{
      type: 'tool-result',
      toolCallId: 'old-1',
      toolName: 'everything__echo',
      output: { type: 'text', value: 'the one' },
    }],
  },
]

/** Runs nothing to its end before so many calls have begun: they have to be side by side. */
export function sideBySide(many: number): () => Promise<ExecutionAnswer> {
  const all = Promise.withResolvers<void>()
  let begun = 0
  return async () => {
    if (++begun === many) all.resolve()
    await all.promise
    return success('ok')
  }
}

export const echo = (id: string, message: string) => ({
  id,
  name: 'everything__echo',
  input: { message },
})
