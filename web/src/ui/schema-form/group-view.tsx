// A nested object: its fields, indented behind a hairline under its name.
import { useContext } from 'react'
import { isRecord } from '@shared/json.ts'
import type { Draft, GroupField } from './field.ts'
import { FieldView, Problems, type ViewProps } from './field-view.tsx'
import { join } from './read.ts'

export function GroupView({ field, draft, path, onChange, hideLabel }: ViewProps<GroupField>) {
  const problem = useContext(Problems).get(path)
  return (
    <fieldset className='min-w-0'>
      <legend className={hideLabel ? 'sr-only' : 'text-sm font-medium'}>
        {field.label}
        {!field.required && <span className='font-normal text-muted'>{' '}(optional)</span>}
      </legend>
      {field.description && <p className='mt-1 text-xs text-muted'>{field.description}</p>}
      {problem && <p className='mt-1 text-sm text-bad'>{problem}</p>}
      <div className='mt-2 border-l-2 border-line pl-4'>
        <Fields field={field} draft={draft} path={path} onChange={onChange} />
      </div>
    </fieldset>
  )
}

/** The fields alone, for the outermost group, which needs no frame. */
export function Fields({ field, draft, path, onChange }: ViewProps<GroupField>) {
  const drafts = isRecord(draft) ? draft as Record<string, Draft> : {}
  return (
    <div className='flex flex-col gap-4'>
      {field.fields.map(({ name, field: inner }) => (
        <FieldView
          key={name}
          field={inner}
          draft={drafts[name]}
          path={join(path, name)}
          onChange={(next) => onChange({ ...drafts, [name]: next })}
        />
      ))}
    </div>
  )
}
