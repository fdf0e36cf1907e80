// A team's webhook, read and changed through the function, and the deliveries that did not arrive yet, or never will.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { InputOf, ResponseOf } from '@shared/operations.ts'
import { call } from '@/lib/call.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import { useTeam } from '@/session/team.tsx'

export type { Webhook, WebhookTest } from '@shared/webhook.ts'

export function webhookQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'webhook'],
    queryFn: async ({ signal }) => (await call('get_webhook', { team_id }, { signal })).webhook,
    refetchInterval: 20_000,
  })
}

export type Delivery = {
  id: string
  execution_id: string
  payload: { data?: { tool_name?: string; server_name?: string } }
  attempts: number
  next_at: string
  gave_up_at: string | null
  last_error: string | null
}

/** What is not delivered, newest first. */
export function deliveriesQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'webhook', 'deliveries'],
    queryFn: () =>
      rows<Delivery[]>(
        supabase().from('webhook_deliveries').select(
          'id, execution_id, payload, attempts, next_at, gave_up_at, last_error',
        )
          .eq('team_id', team_id).is('delivered_at', null)
          .order('created_at', { ascending: false }).limit(20),
      ),
    refetchInterval: 20_000,
  })
}

type Change = Omit<InputOf<'set_webhook'>, 'team_id'>

export function useSetWebhook(onSuccess: (answer: ResponseOf<'set_webhook'>) => void) {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const { queryKey } = webhookQuery(team_id)
  return useMutation({
    mutationFn: (change: Change) => call('set_webhook', { team_id, ...change }),
    onSuccess: (answer) => {
      client.setQueryData(queryKey, answer.webhook)
      void client.invalidateQueries({ queryKey })
      onSuccess(answer)
    },
    // The secret must not outlive its being shown.
    gcTime: 0,
  })
}

export function useTestWebhook() {
  const { team_id } = useTeam()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call('test_webhook', { team_id }),
    onSettled: () => client.invalidateQueries(webhookQuery(team_id)),
  })
}
