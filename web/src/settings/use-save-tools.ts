// Saves decisions about tools at once on the screen, and takes them back when they are refused.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTeam } from '@/session/team.tsx'
import { toast } from '@/ui/toast.tsx'
import {
  type Rule,
  ruleTools,
  saveTools,
  type ToolChanges,
  type ToolRow,
  toolsQuery,
} from './tool-queries.ts'

type Options = { onSuccess?: () => void }
type Save = { tools: ToolRow[]; changes: ToolChanges }
type Ruling = { tools: ToolRow[]; rule: Rule }

const judging = ['judging tools']

export type Judge = {
  /** Everything but the rule. */
  save: (save: Save, options?: Options) => void
  rule: (ruling: Ruling, options?: Options) => void
}

export function useSaveTools(server_id: string): Judge {
  const { team_id } = useTeam()
  const shown = useShownAtOnce(server_id)
  const save = useMutation({
    mutationKey: judging,
    mutationFn: (save: Save) => saveTools(team_id, save),
    onMutate: ({ tools, changes }: Save) => shown.show(tools, changes),
    onError: shown.takeBack,
    onSettled: shown.readAgain,
  })
  const rule = useMutation({
    mutationKey: judging,
    mutationFn: (ruling: Ruling) => ruleTools(team_id, ruling),
    onMutate: ({ tools, rule }: Ruling) => shown.show(tools, rule),
    onError: shown.takeBack,
    onSettled: shown.readAgain,
  })
  return { save: save.mutate, rule: rule.mutate }
}

type Before = { before: ToolRow[] | undefined }

function useShownAtOnce(server_id: string) {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const { queryKey } = toolsQuery(team_id, server_id)
  return {
    show: async (judged: ToolRow[], changes: Partial<ToolRow>): Promise<Before> => {
      const ids = new Set(judged.map((tool) => tool.id))
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      client.setQueryData(
        queryKey,
        (tools) => tools?.map((tool) => ids.has(tool.id) ? { ...tool, ...changes } : tool),
      )
      return { before }
    },
    takeBack: (error: Error, _: unknown, kept: Before | undefined) => {
      client.setQueryData(queryKey, kept?.before)
      toast({ tone: 'bad', text: `Not saved. ${error.message}` })
    },
    // Not while another decision is under way: what is read then would not have it yet.
    readAgain: () =>
      client.isMutating({ mutationKey: judging }) > 1
        ? undefined
        : client.invalidateQueries({ queryKey: ['team', team_id, 'tools'] }),
  }
}
