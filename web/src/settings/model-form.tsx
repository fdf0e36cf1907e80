// Setting the team’s own model: where it is asked, its name, its key. The key is written here and never read back.
import { type FormEvent, useState } from 'react'
import type { TeamModel } from '@shared/model.ts'
import { CallError } from '@/lib/call.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/dialog.tsx'
import { FormError } from '@/ui/field.tsx'
import { Card } from '@/ui/page.tsx'
import { toast } from '@/ui/toast.tsx'
import {
  draftOf,
  type ModelDraft,
  type ModelProblems,
  problemsOf,
  settingOf,
} from './model-draft.ts'
import { ModelFields } from './model-fields.tsx'
import { useSetModel } from './model-queries.ts'

type Props = {
  kept: TeamModel | null
  /** Something else is typed: what a test has said is of before. */
  onChange: () => void
  /** `set`: the team has a model of its own now. */
  onSaved: (set: boolean) => void
}

export function ModelForm({ kept, onChange, onSaved }: Props) {
  const [draft, setDraft] = useState(() => draftOf(kept))
  const [problems, setProblems] = useState<ModelProblems>({})
  const set = useSetModel(() => {
    toast({ tone: 'ok', text: 'The model is saved.' })
    onSaved(true)
  })
  const refused = set.error instanceof CallError
    ? set.error.problems.find(({ path }) => path === 'model.base_url')?.message
    : undefined
  const change = (next: ModelDraft) => {
    setDraft(next)
    setProblems({})
    set.reset()
    onChange()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = problemsOf(draft)
    setProblems(found)
    if (Object.keys(found).length === 0) set.mutate(settingOf(draft))
  }
  return (
    <>
      <p className='mb-3 text-sm text-muted'>
        It answers in all chats of your team, instead of what was set for everyone. What people
        write, and what tools answer, is sent to it.
      </p>
      <Card className='p-4'>
        <form noValidate onSubmit={submit} className='flex flex-col gap-4'>
          <FormError>{refused ? null : set.error?.message}</FormError>
          <ModelFields
            draft={draft}
            kept={kept}
            onChange={change}
            problems={{ ...problems, ...(refused && { base_url: refused }) }}
          />
          <div className='flex flex-wrap items-center gap-2'>
            <Button type='submit' look='primary' busy={set.isPending}>Save and test</Button>
            {kept && <GoBack kept={kept} onGone={() => onSaved(false)} />}
          </div>
        </form>
      </Card>
    </>
  )
}

function GoBack({ kept, onGone }: { kept: TeamModel; onGone: () => void }) {
  const [asking, ask] = useState(false)
  const set = useSetModel(() => {
    toast({ tone: 'ok', text: 'Your team has no model of its own any more.' })
    onGone()
  })
  const refused = (error: Error) => toast({ tone: 'bad', text: error.message })
  return (
    <>
      <Button onClick={() => ask(true)}>Remove</Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={ask}
        title={`Remove ${kept.name}?`}
        confirmLabel='Remove model'
        danger
        busy={set.isPending}
        onConfirm={() => set.mutate(null, { onError: refused })}
      >
        Its key is forgotten. From then on your team is answered by the model that whoever runs this
        Astra has set, or by the built-in router where there is none.
      </ConfirmDialog>
    </>
  )
}
