// How many calls the team allows: a sentence for everyone, a form for admins.
import { type FormEvent, type ReactNode, useState } from 'react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { administers } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { Field, FormError } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Card } from '@/ui/page.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toast.tsx'
import {
  draftOf,
  type Limits,
  limitsQuery,
  limitsSentence,
  readLimits,
  saveLimits,
} from './limits.ts'

export function TeamLimits() {
  const { team_id, role } = useTeam()
  const limits = useQuery(limitsQuery(team_id))
  if (limits.isPending) return <Skeleton className='h-32 rounded-card' />
  if (limits.isError) {
    return (
      <FailedState
        title='The limits could not be read'
        error={limits.error}
        onRetry={() => void limits.refetch()}
      />
    )
  }
  return (
    <>
      <p className='mb-3 text-sm text-muted'>
        {limitsSentence(limits.data)}{' '}
        Who comes up against a limit is told how long to wait. A single tool may have a limit of its
        own, in its rules.
      </p>
      {administers(role) && <LimitsForm key={JSON.stringify(limits.data)} limits={limits.data} />}
    </>
  )
}

function LimitsForm({ limits }: { limits: Limits }) {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const [draft, setDraft] = useState(() => draftOf(limits))
  const read = readLimits(draft)
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(limits))
  const save = useMutation({
    mutationFn: (limits: Limits) => saveLimits(team_id, limits),
    onSuccess: (saved) => {
      client.setQueryData(limitsQuery(team_id).queryKey, saved)
      toast({ tone: 'ok', text: 'The limits are saved.' })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (read.limits) save.mutate(read.limits)
  }
  const field = { draft, onChange: setDraft, problems: read.problems }
  return (
    <Card className='p-4'>
      <form noValidate onSubmit={submit} className='flex flex-col gap-4'>
        <FormError>{save.error?.message}</FormError>
        <div className='grid gap-4 sm:grid-cols-3'>
          <LimitField {...field} name='person' label='One person' unit='calls' none='No limit' />
          <LimitField {...field} name='team' label='The whole team' unit='calls' none='No limit' />
          <LimitField {...field} name='window' label='In every' unit='seconds' none='60' />
        </div>
        <div className='flex flex-wrap items-center gap-x-4 gap-y-2'>
          <Button
            type='submit'
            look='primary'
            disabled={!changed || read.limits === null}
            busy={save.isPending}
          >
            Save limits
          </Button>
          <p className='text-sm text-muted'>An empty box is no limit.</p>
        </div>
      </form>
    </Card>
  )
}

type Draft = ReturnType<typeof draftOf>
type FieldProps = {
  draft: Draft
  onChange: (draft: Draft) => void
  problems: ReturnType<typeof readLimits>['problems']
  name: keyof Draft
  label: ReactNode
  unit: string
  none: string
}

function LimitField({ draft, onChange, problems, name, label, unit, none }: FieldProps) {
  return (
    <Field label={label} error={problems[name]}>
      {(control) => (
        <span className='flex items-center gap-2'>
          <Input
            {...control}
            inputMode='numeric'
            autoComplete='off'
            placeholder={none}
            value={draft[name]}
            onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
          />
          <span className='shrink-0 text-sm whitespace-nowrap text-muted'>{unit}</span>
        </span>
      )}
    </Field>
  )
}
