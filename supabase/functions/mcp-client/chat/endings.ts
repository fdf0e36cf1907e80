// How calls ended that had not when their message was stored. The message keeps what was known then; the
// execution knows the rest. Whoever takes part in a chat is shown the results of everyone’s calls in it.
import { type ToolOutcome, toolOutcome } from '../../../../shared/chat.ts'
import type { Execution } from '../../../../shared/execution.ts'
import type { App } from '../app.ts'
import { read } from '../db.ts'
import type { ChatMessage } from './history.ts'
import { isOpen } from './outcome-text.ts'

type Answered = Extract<ToolOutcome, { kind: 'answered' }>
type Place = { team_id: string; chat_id: string }

/** The same messages of this chat, with today’s outcome in every call that was stored as not ended. */
export async function withEndings<Said extends Pick<ChatMessage, 'parts'>>(
  app: App,
  { team_id, chat_id }: Place,
  messages: Said[],
): Promise<Said[]> {
  const ids = messages.flatMap((message) => message.parts).flatMap((part) => {
    const open = openIn(part)
    return open ? [open.execution_id] : []
  })
  if (ids.length === 0) return messages
  const rows = await read<Row[]>(
    app.db.service.from('mcp_tool_executions')
      .select('id, status, output_result, error_code, error_message, duration_ms')
      .eq('team_id', team_id).eq('chat_id', chat_id).in('id', ids),
  )
  const known = new Map(rows.map((row) => [row.id, outcomeOf(row)]))
  return messages.map((message) => ({ ...message, parts: message.parts.map(ended(known)) }))
}

type Row = Pick<
  Execution,
  'id' | 'status' | 'output_result' | 'error_code' | 'error_message' | 'duration_ms'
>

function openIn(part: ChatMessage['parts'][number]): Answered | null {
  if (part.type !== 'dynamic-tool' || part.state !== 'output-available') return null
  const outcome = toolOutcome.safeParse(part.output)
  if (!outcome.success || outcome.data.kind !== 'answered') return null
  return isOpen(outcome.data) ? outcome.data : null
}

function ended(known: Map<string, Answered>) {
  return (part: ChatMessage['parts'][number]): ChatMessage['parts'][number] => {
    const outcome = known.get(openIn(part)?.execution_id ?? '')
    return outcome && part.type === 'dynamic-tool' && part.state === 'output-available'
      ? { ...part, output: outcome }
      : part
  }
}

function outcomeOf(row: Row): Answered {
  const { error_code: code, error_message: message } = row
  return {
    kind: 'answered',
    execution_id: row.id,
    status: row.status,
    ...(row.output_result ? { result: row.output_result } : {}),
    ...(code ? { error: { code, message: message ?? '' } } : {}),
    duration_ms: row.duration_ms ?? 0,
  }
}
