// What a person is told of the model that answers, wherever they meet it. Fetched with what shows it.
import type { ModelInUse } from '@shared/model.ts'

/** Whose setting it is that this model answers. */
export const sourceWords: Record<ModelInUse['source'], string> = {
  team: 'Set by your team.',
  operator: 'Set by whoever runs this Astra, for every team.',
  found: 'An Ollama that Astra found on the computer it runs on.',
  built_in: 'No language model is set up.',
}

/** What the built-in router does, and what it does not. */
export const routerWords =
  'The built-in router finds the tool that fits your words, fills in what it can read, and asks you for the rest. It writes no texts, reads no files and does not reason.'
