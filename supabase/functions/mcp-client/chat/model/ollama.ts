// Finds an Ollama on its default port, so that a laptop with one needs no setting. A short question,
// remembered for a minute either way.
import { z } from 'zod'

export const OLLAMA_URL = 'http://127.0.0.1:11434'
const DEADLINE_MS = 400
const REMEMBERED_MS = 60_000

const tags = z.object({ models: z.array(z.object({ name: z.string().min(1) })) })

let remembered: { at: number; name: Promise<string | null> } | null = null

/** The name of Ollama’s first chat model, or null where there is none to ask. */
export function findOllama(fetch: typeof globalThis.fetch): Promise<string | null> {
  const now = performance.now()
  if (remembered === null || now - remembered.at > REMEMBERED_MS) {
    remembered = { at: now, name: ask(fetch) }
  }
  return remembered.name
}

/** Forgets the answer. For tests, which run several machines in one process. */
export function forgetOllama(): void {
  remembered = null
}

async function ask(fetch: typeof globalThis.fetch): Promise<string | null> {
  try {
    const response = await fetch(`${OLLAMA_URL}/api/tags`, {
      signal: AbortSignal.timeout(DEADLINE_MS),
      redirect: 'error',
    })
    const { models } = tags.parse(await response.json())
    return models.map((model) => model.name).find((name) => !/embed|bge|minilm/i.test(name)) ?? null
  } catch {
    // Nobody there, someone else there, or too slow: all of them are no Ollama.
    return null
  }
}
