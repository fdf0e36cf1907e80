// The prompt or resource that was chosen from the list, fetched as a screen when the first one is.
import { lazy, Suspense } from 'react'
import type { Offered } from './offers.ts'
import type { Quote } from './quote.ts'

const PromptDialog = lazy(() =>
  import('./prompt-dialog.tsx').then(({ PromptDialog }) => ({ default: PromptDialog }))
)
const ResourceDialog = lazy(() =>
  import('./resource-dialog.tsx').then(({ ResourceDialog }) => ({ default: ResourceDialog }))
)

type Props = {
  team_id: string
  chosen: Offered | null
  onClose: () => void
  onText: (text: string, from: { title: string; server_name: string }) => void
  onAttach: (quote: Quote) => void
}

export function OfferDialog({ team_id, chosen, onClose, onText, onAttach }: Props) {
  if (!chosen) return null
  return (
    <Suspense fallback={null}>
      {chosen.kind === 'prompt'
        ? <PromptDialog {...{ team_id, onClose, onText }} offered={chosen} />
        : <ResourceDialog {...{ team_id, onClose, onAttach }} offered={chosen} />}
    </Suspense>
  )
}
