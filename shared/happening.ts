// What happens on the way to an answer, told a line each to whoever accepts LINES. The last line is
// `{ event: 'answer', answer }` or `{ event: 'error', error }`, shaped as they are over plain JSON.
import type { Progress } from './execution.ts'
import type { TestStep } from './server.ts'

/** The media type of an answer that is told line by line. */
export const LINES = 'application/x-ndjson'

/** One log message of a server in the middle of a call (MCP "Logging"). The text is cleaned and capped. */
export type LogLine = { level: string; logger: string | null; text: string }

export type Happening =
  | { event: 'step'; step: TestStep }
  /** The call is on record, and `cancel_execution` takes it. */
  | { event: 'begun'; execution_id: string }
  | { event: 'progress'; progress: Progress }
  | { event: 'log'; line: LogLine }
