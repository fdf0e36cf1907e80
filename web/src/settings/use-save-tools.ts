// Saves decisions about tools at once on the screen, and takes them back when the database refuses.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTeam } from '@/session/team.tsx'
import { toast } from '@/ui/toast.tsx'
import { saveTools, type ToolChanges, type ToolRow, toolsQuery } from './queries.ts'

type Save = { tools: ToolRow[]; changes: ToolChanges }

export function useSaveTools(server_id: string): (save: Save) => void {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const { queryKey } = toolsQuery(team_id, server_id)
  const { mutate } = useMutation({
    mutationFn: (save: Save) => saveTools(team_id, save),
    onMutate: async ({ tools: judged, changes }: Save) => {
      const ids = judged.map((tool) => tool.id)
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      client.setQueryData(
        queryKey,
        (tools) => tools?.map((tool) => ids.includes(tool.id) ? { ...tool, ...changes } : tool),
      )
      return { before }
    },
    onError: (error, _, context) => {
      client.setQueryData(queryKey, context?.before)
      toast({ tone: 'bad', text: `Not saved. ${error.message}` })
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['team', team_id, 'tools'] }),
  })
  return mutate
}
