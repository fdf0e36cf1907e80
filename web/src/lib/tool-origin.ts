// What a result is of: its tool, and the schema that tool answers by, read when there is something to read by it.
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { ToolResult } from '@shared/execution.ts'
import type { JsonSchema } from '@shared/tool.ts'
import { rows } from './read.ts'
import { supabase } from './supabase.ts'

function outputSchemaQuery(team_id: string, tool_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', tool_id, 'output_schema'],
    queryFn: async () => {
      const found = await rows<{ output_schema: JsonSchema | null }[]>(
        supabase().from('mcp_tools').select('output_schema').eq('team_id', team_id)
          .eq('id', tool_id),
      )
      return found[0]?.output_schema ?? null
    },
    staleTime: 5 * 60_000,
  })
}

type Of = { team_id: string; tool_id: string | null; result: ToolResult | null }

export function useToolOrigin({ team_id, tool_id, result }: Of) {
  const structured = result?.structuredContent !== undefined && result.structuredContent !== null
  const { data } = useQuery({
    ...outputSchemaQuery(team_id, tool_id ?? ''),
    enabled: structured && tool_id !== null,
  })
  return { toolId: tool_id, schema: data ?? null }
}
