// What a turn takes in tokens: as its provider reports it, by its length where it reports nothing. Pure.

/** English prose has about four characters to a token, other text fewer. */
const CHARACTERS_PER_TOKEN = 4

type Step = {
  usage: { inputTokens?: number | undefined; outputTokens?: number | undefined }
  content: unknown
}
export type Spent = { input: number; output: number }

export function tokensIn(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN)
}

/** A picture is worth about so many tokens, however many bytes it has. */
const PICTURE_CHARACTERS = 6_000
const LONGEST_TEXT = 200_000

/** How long messages are to a model that reads them. */
export function charactersOf(messages: unknown[]): number {
  const pictures = ' '.repeat(PICTURE_CHARACTERS)
  const short = (value: unknown) =>
    value instanceof Uint8Array || typeof value === 'string' && value.length > LONGEST_TEXT
      ? pictures
      : value
  return JSON.stringify(messages, (_key, value) => short(value)).length
}

/** Of all rounds together. Each round reads the prompt and everything that was written before it. */
export function spentIn(steps: Step[], prompt_characters: number): Spent {
  let read = prompt_characters
  const spent: Spent = { input: 0, output: 0 }
  for (const { usage, content } of steps) {
    const written = JSON.stringify(content)?.length ?? 0
    spent.input += usage.inputTokens ?? tokensIn(read)
    spent.output += usage.outputTokens ?? tokensIn(written)
    read += written
  }
  return spent
}
