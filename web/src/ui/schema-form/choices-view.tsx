// A few choices, all visible: radios for one of them, boxes for several.
import { type ReactNode, useContext, useId } from 'react'
import { CircleAlert } from 'lucide-react'
import type { ChoiceField, ChoicesField, Field } from './field.ts'
import { Problems, type ViewProps } from './field-view.tsx'

export function RadiosView({ field, draft, path, onChange, hideLabel }: ViewProps<ChoiceField>) {
  const name = useId()
  return (
    <Choices field={field} path={path} hideLabel={hideLabel}>
      {field.options.map(({ label }, index) => (
        <Choice key={index} label={label}>
          <input
            type='radio'
            name={name}
            data-path={index === 0 ? path : undefined}
            checked={draft === String(index)}
            onChange={() => onChange(String(index))}
            className='size-4 accent-accent'
          />
        </Choice>
      ))}
    </Choices>
  )
}

export function ChecksView({ field, draft, path, onChange, hideLabel }: ViewProps<ChoicesField>) {
  const chosen = Array.isArray(draft) ? draft : []
  return (
    <Choices field={field} path={path} hideLabel={hideLabel}>
      {field.options.map(({ label }, index) => {
        const key = String(index)
        const toggled = (on: boolean) => on ? [...chosen, key] : chosen.filter((one) => one !== key)
        return (
          <Choice key={key} label={label}>
            <input
              type='checkbox'
              data-path={index === 0 ? path : undefined}
              checked={chosen.includes(key)}
              onChange={(event) => onChange(toggled(event.target.checked))}
              className='size-4 accent-accent'
            />
          </Choice>
        )
      })}
    </Choices>
  )
}

type ChoicesProps = { field: Field; path: string; hideLabel?: boolean; children: ReactNode }

/** A named set of controls, with its description and what is wrong with it. */
export function Choices({ field, path, hideLabel, children }: ChoicesProps) {
  const id = useId()
  const problem = useContext(Problems).get(path)
  const described = [field.description && `${id}-hint`, problem && `${id}-error`].filter(Boolean)
  return (
    <fieldset className='min-w-0' aria-describedby={described.join(' ') || undefined}>
      <legend className={hideLabel ? 'sr-only' : 'text-sm font-medium'}>
        {field.label}
        {!field.required && <span className='font-normal text-muted'>{' '}(optional)</span>}
      </legend>
      {field.description && (
        <p id={`${id}-hint`} className='mt-1 text-xs text-muted'>{field.description}</p>
      )}
      <div className='mt-1 flex flex-wrap gap-x-5'>{children}</div>
      {problem && (
        <p id={`${id}-error`} className='mt-1 flex items-start gap-1.5 text-sm text-bad'>
          <CircleAlert aria-hidden className='mt-0.5 size-4 shrink-0' />
          {problem}
        </p>
      )}
    </fieldset>
  )
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className='inline-flex min-h-control items-center gap-2 text-base'>
      {children}
      {label}
    </label>
  )
}
