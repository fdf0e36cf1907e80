// Executions as operations: calling a tool directly, and looking at one call afterwards.
import type { Execution } from '../../../shared/execution.ts'
import type { Handler } from './actions.ts'
import { read } from './db.ts'
import { execute } from './execute.ts'
import { settled } from './finish.ts'
import { AppError } from './http.ts'

/** A person who sends a call has seen its arguments: that is the approval `ask` wants. */
export const callTool: Handler<'call_tool'> = ({ app, as, input, signal, tell }) =>
  execute(app, as, { ...input, origin: 'direct', approved: true }, {
    signal,
    ...(tell && {
      onBegun: (execution_id) => tell({ event: 'begun', execution_id }),
      onProgress: (progress) => tell({ event: 'progress', progress }),
      onLog: (line) => tell({ event: 'log', line }),
    }),
  })

const COLUMNS =
  `id, team_id, user_id, server_id, tool_id, origin, mode, approval, input_parameters, output_result, error_code,
  error_message, status, asked, progress, attempts, cached_at, started_at, completed_at, duration_ms, chat_id, message_id,
  mcp_servers(name), mcp_tools(tool_name)`
    .replace(/\s+/g, '')

type Row = Omit<Execution, 'server_name' | 'tool_name'> & {
  mcp_servers: { name: string }
  mcp_tools: { tool_name: string }
}

export const getExecution: Handler<'get_execution'> = async ({ app, as, input }) => {
  // Its end may be on the way from here to the database: whoever got the answer reads that end.
  await settled(input.execution_id)
  const rows = await read<Row[]>(
    app.db.as(as).from('mcp_tool_executions').select(COLUMNS)
      .eq('id', input.execution_id).eq('team_id', as.team_id),
  )
  const row = rows[0]
  if (!row) throw new AppError('not_found', 'No such execution, or it is not yours to see.')
  const { mcp_servers, mcp_tools, ...execution } = row
  return {
    execution: { ...execution, server_name: mcp_servers.name, tool_name: mcp_tools.tool_name },
  }
}
