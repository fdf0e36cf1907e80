// How calls ended that still waited for a person when their message was stored. The message keeps what
// was known then; the execution knows the rest. Read as the person, under row level security.
import { type ToolOutcome, toolOutcome } from '../../../../shared/chat.ts'
import type { Execution } from '../../../../shared/execution.ts'
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import { read } from '../db.ts'
import type { ChatMessage } from './history.ts'
import { isAwaiting } from './outcome-text.ts'

type Answered = Extract<ToolOutcome, { kind: 'answered' }>
type Said = Pick<ChatMessage, 'id' | 'role' | 'parts'>

/** The same messages, with today’s outcome in every call that was stored as waiting. */
export async function withEndings(app: App, member: Member, messages: Said[]): Promise<Said[]> {
  const ids = messages.flatMap((message) => message.parts).flatMap((part) => {
    const waiting = waitingIn(part)
    return waiting ? [waiting.execution_id] : []
  })
  if (ids.length === 0) return messages
  const rows = await read<Row[]>(
    app.db.as(member).from('mcp_tool_executions')
      .select('id, status, output_result, error_code, error_message, duration_ms')
      .eq('team_id', member.team_id).in('id', ids),
  )
  const known = new Map(rows.map((row) => [row.id, outcomeOf(row)]))
  return messages.map((message) => ({ ...message, parts: message.parts.map(ended(known)) }))
}

type Row = Pick<
  Execution,
  'id' | 'status' | 'output_result' | 'error_code' | 'error_message' | 'duration_ms'
>

function waitingIn(part: ChatMessage['parts'][number]): Answered | null {
  if (part.type !== 'dynamic-tool' || part.state !== 'output-available') return null
  const outcome = toolOutcome.safeParse(part.output)
  if (!outcome.success || outcome.data.kind !== 'answered') return null
  return isAwaiting(outcome.data) ? outcome.data : null
}

function ended(known: Map<string, Answered>) {
  return (part: ChatMessage['parts'][number]): ChatMessage['parts'][number] => {
    const outcome = known.get(waitingIn(part)?.execution_id ?? '')
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
