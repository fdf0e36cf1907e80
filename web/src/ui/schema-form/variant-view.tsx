// A value of one of a few kinds: first which kind, then its own control.
import { Select } from '@/ui/input.tsx'
import { Choices } from './choices-view.tsx'
import { draftOf } from './draft.ts'
import { VariantDraft } from './field.ts'
import type { VariantField } from './field.ts'
import { FieldView, type ViewProps } from './field-view.tsx'

export function VariantView({ field, draft, path, onChange, hideLabel }: ViewProps<VariantField>) {
  const now = draft instanceof VariantDraft ? draft : new VariantDraft(0, '')
  const variant = field.variants[now.chosen]
  const choose = (chosen: number) => {
    const next = field.variants[chosen]
    if (next) onChange(new VariantDraft(chosen, draftOf(next, undefined)))
  }
  return (
    <Choices field={field} path={`${path}#kind`} hideLabel={hideLabel}>
      <div className='flex w-full flex-col gap-2 sm:flex-row'>
        <Select
          aria-label={`Kind of ${field.label.toLowerCase()}`}
          className='shrink-0 sm:w-40'
          value={now.chosen}
          onChange={(event) => choose(Number(event.target.value))}
        >
          {field.variants.map(({ label }, index) => (
            <option key={index} value={index}>{label}</option>
          ))}
        </Select>
        {variant && (
          <div className='min-w-0 grow'>
            <FieldView
              field={{ ...variant, label: field.label, required: field.required }}
              draft={now.draft}
              path={path}
              onChange={(next) => onChange(new VariantDraft(now.chosen, next))}
              hideLabel
            />
          </div>
        )}
      </div>
    </Choices>
  )
}
