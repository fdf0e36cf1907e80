// Which model answers now, in the composer’s line; what that means is one tap away.
import { lazy, Suspense, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Bot, Signpost } from 'lucide-react'
import { modelQuery } from '@/lib/model.ts'
import { useTeam } from '@/session/team.tsx'

const ModelDialog = lazy(() =>
  import('./model-dialog.tsx').then(({ ModelDialog }) => ({ default: ModelDialog }))
)

export function ModelChip() {
  const { team_id } = useTeam()
  const { data } = useQuery(modelQuery(team_id))
  const [open, setOpen] = useState(false)
  if (!data) return null
  const router = data.model.provider === 'router'
  return (
    <>
      <button
        type='button'
        onClick={() => setOpen(true)}
        aria-label={`${data.model.name} answers here. What is that?`}
        className='inline-flex h-control min-w-0 items-center gap-1.5 rounded-control px-2 text-xs text-muted hover:bg-hover hover:text-text'
      >
        {router
          ? <Signpost aria-hidden className='size-4 shrink-0' />
          : <Bot aria-hidden className='size-4 shrink-0' />}
        <span className='truncate'>{data.model.name}</span>
      </button>
      {open && (
        <Suspense>
          <ModelDialog inUse={data} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
