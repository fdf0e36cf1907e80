// Which language model answers in the team’s chats: said to everyone, set and tried by admins.
import { useQuery } from '@tanstack/react-query'
import { Bot, FlaskConical, Signpost } from 'lucide-react'
import type { ResponseOf } from '@shared/operations.ts'
import { formatDuration } from '@/lib/format.ts'
import { routerWords, sourceWords } from '@/lib/model-source.ts'
import { modelQuery } from '@/lib/model.ts'
import { administers } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { Card, Section } from '@/ui/page.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { Status } from '@/ui/status.tsx'
import { ModelForm } from './model-form.tsx'
import { ModelHistory } from './model-history.tsx'
import { useTestModel } from './model-queries.ts'
import { placeOf } from './model-words.ts'

type InUse = ResponseOf<'get_model'>
type Test = ReturnType<typeof useTestModel>

export function ModelTab() {
  const { team_id, role } = useTeam()
  const model = useQuery({ ...modelQuery(team_id), staleTime: 0 })
  const test = useTestModel()
  if (model.isPending) return <Skeleton className='h-40 rounded-card' />
  if (model.isError && model.data === undefined) {
    return (
      <FailedState
        title='The model could not be read'
        error={model.error}
        onRetry={() => void model.refetch()}
      />
    )
  }
  const admin = administers(role)
  const { team_model } = model.data
  return (
    <>
      <Section title='What answers'>
        <Card>
          <Answering model={model.data} />
          {admin && <Trial model={model.data} test={test} />}
        </Card>
        {!admin && <p className='mt-3 text-sm text-muted'>Admins of your team can change it.</p>}
      </Section>
      {admin && (
        <Section title='Your team’s own model'>
          <ModelForm
            key={team_model?.updated_at ?? 'none'}
            kept={team_model}
            onChange={test.reset}
            onSaved={(set) => set ? test.mutate() : test.reset()}
          />
        </Section>
      )}
      {admin && <ModelHistory />}
    </>
  )
}

function Answering({ model: { model, source, takes_images, team_model } }: { model: InUse }) {
  const router = model.provider === 'router'
  const Icon = router ? Signpost : Bot
  return (
    <div className='flex items-start gap-3 p-4'>
      <Icon aria-hidden className='mt-0.5 size-5 shrink-0 text-muted' />
      <div className='min-w-0 text-sm'>
        <p className='text-base font-medium break-words'>{model.name}</p>
        <p className='text-muted'>{sourceWords[source]}</p>
        {router && <p className='text-muted'>{routerWords}</p>}
        {!router && (
          <p className='text-muted'>
            {team_model && `${placeOf(team_model)} · `}
            {team_model && `${team_model.has_key ? 'A key is kept' : 'No key'} · `}
            {takes_images ? 'Takes pictures' : 'Takes no pictures'}
          </p>
        )}
      </div>
    </div>
  )
}

function Trial({ model, test }: { model: InUse; test: Test }) {
  if (model.model.provider === 'router') return null
  return (
    <div className='flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-3'>
      <Button
        icon={<FlaskConical aria-hidden />}
        busy={test.isPending}
        onClick={() => test.mutate()}
      >
        Test
      </Button>
      <div role='status' className='min-w-0 grow basis-56'>
        {test.isPending && <span className='text-sm text-muted'>Asking it for one word…</span>}
        {test.data && (
          <Status tone={test.data.ok ? 'ok' : 'bad'} className='items-start whitespace-normal!'>
            <span className='text-text'>
              {test.data.message}
              {test.data.ok && (
                <span className='text-muted'>
                  {' '}It took {formatDuration(test.data.duration_ms)}.
                </span>
              )}
            </span>
          </Status>
        )}
        {test.isError && (
          <Status tone='bad' className='items-start whitespace-normal!'>
            <span className='text-text'>{test.error.message}</span>
          </Status>
        )}
        {test.isIdle && (
          <span className='text-sm text-muted'>Asks it for one word, as a chat would.</span>
        )}
      </div>
    </div>
  )
}
