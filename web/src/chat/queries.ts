// What the chat reads: messages and tools. Every read names its team; RLS is the guard.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { keyedTools } from '@shared/naming.ts'
import { copied } from '@/lib/copies.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import type { ChatMessage } from './chat-message.ts'
import type { ChatTool } from './chat-tools.ts'
import { readNewest } from './message-pages.ts'

export type MessageStatus = 'streaming' | 'done' | 'failed' | 'stopped'
export type MessageRow = ChatMessage & {
  status: MessageStatus
  created_at: string
  /** Who wrote it; null for an answer, and for someone whose account is gone. */
  user_id: string | null
  /** The message that it answers. */
  answers: string | null
  /** A call of it had not ended: the assistant goes on by itself. */
  waits: boolean
}

/** The newest messages of a chat, oldest first; a chat nobody started yet has none. */
export function messagesQuery(team_id: string, chat_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'chat', chat_id, 'messages'],
    meta: copied,
    queryFn: () => readNewest(team_id, chat_id),
    staleTime: 0,
  })
}

type ServerRow = { id: string; name: string; is_active: boolean; config: { url?: unknown } }
type ChatServers = {
  servers: number
  tools: Map<string, ChatTool>
  /** The servers in use by id: their names, and their own addresses where they have one. */
  names: Map<string, string>
  urls: Map<string, string>
}
type ToolRow = Omit<ChatTool, 'server_name'>

const toolColumns =
  'id, server_id, tool_name, title, description, input_schema, policy, annotations, task_support:definition->execution->>taskSupport, output_type:output_schema->>type'

/** The tools a chat may call, by key, and whether the team has any server at all. */
export function toolsQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', 'chat'],
    meta: copied,
    queryFn: async (): Promise<ChatServers> => {
      const [servers, tools] = await Promise.all([
        rows<ServerRow[]>(
          supabase().from('mcp_servers').select('id, name, is_active, config')
            .eq('team_id', team_id).is('removed_at', null),
        ),
        rows<ToolRow[]>(
          supabase().from('mcp_tools')
            .select(toolColumns)
            .eq('team_id', team_id).eq('is_enabled', true).is('removed_at', null),
        ),
      ])
      const used = servers.filter((one) => one.is_active)
      const names = new Map(used.map((one) => [one.id, one.name]))
      const urls = new Map(used.map((one) => [one.id, String(one.config.url ?? '')]))
      return { servers: servers.length, tools: keyedTools(tools, names), names, urls }
    },
  })
}

export function useTools(team_id: string): Map<string, ChatTool> {
  const { data } = useQuery(toolsQuery(team_id))
  return data?.tools ?? none
}
const none = new Map<string, ChatTool>()
