// What a person can ask of an answer that is being written. The rest of a chat is `POST /chat` and rows.
import { z } from 'zod'
import { executionAnswer } from './execution.ts'
import { operation } from './operation.ts'
import { id } from './team.ts'

export const turnOperations = {
  continue_in_background: operation({
    summary: 'Let a call that is under way go on by itself, and be told when it has ended',
    audience: 'member',
    input: { execution_id: id },
    output: executionAnswer,
  }),
  stop_turn: operation({
    summary: 'End an answer of the assistant to you, and the calls it has under way',
    audience: 'member',
    /** The answer’s id, as its stream and its row name it. */
    input: { message_id: id },
    output: z.object({ stopping: z.boolean() }),
  }),
} as const
