// The team’s model: read, set and tried through the function; how it came about straight from its entries.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { InputOf } from '@shared/operations.ts'
import { call } from '@/lib/call.ts'
import { modelQuery } from '@/lib/model.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import { useTeam } from '@/session/team.tsx'
import type { ModelChange } from './model-words.ts'

export function modelChangesQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'model', 'changes'],
    queryFn: () =>
      rows<ModelChange[]>(
        supabase().from('team_model_changes').select(
          'id, before, after, key_changed, changed_at, profiles(email, full_name)',
        )
          .eq('team_id', team_id).order('changed_at', { ascending: false }).limit(5),
      ),
  })
}

/** `onSet` is told even when what asked is drawn anew for the new setting. */
export function useSetModel(onSet: () => void) {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const { queryKey } = modelQuery(team_id)
  return useMutation({
    mutationFn: (model: InputOf<'set_model'>['model']) => call('set_model', { team_id, model }),
    onSuccess: (answer) => {
      client.setQueryData(queryKey, answer)
      void client.invalidateQueries({ queryKey })
      onSet()
    },
    // A key must not outlive its being sent.
    gcTime: 0,
  })
}

export function useTestModel() {
  const { team_id } = useTeam()
  return useMutation({ mutationFn: () => call('test_model', { team_id }) })
}
