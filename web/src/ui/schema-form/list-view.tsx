// A list a person grows and shrinks row by row. Focus follows: into a new row, and back to “Add” after the last one goes.
import { useRef } from 'react'
import { Plus, X } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Choices } from './choices-view.tsx'
import { draftOf } from './draft.ts'
import type { Draft, ListField } from './field.ts'
import { FieldView, type ViewProps } from './field-view.tsx'
import { join } from './read.ts'

export function ListView({ field, draft, path, onChange, hideLabel }: ViewProps<ListField>) {
  const box = useRef<HTMLDivElement>(null)
  const rows = Array.isArray(draft) ? draft : []
  const full = rows.length >= (field.max ?? 200)
  const focus = (selector: string) =>
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(selector)?.focus())
  const add = () => {
    onChange([...rows, draftOf(field.item, undefined)])
    focus(`[data-path^="${CSS.escape(join(path, String(rows.length)))}"]`)
  }
  const remove = (index: number) => {
    onChange(rows.filter((_, at) => at !== index))
    focus('[data-add]')
  }
  const set = (index: number, next: Draft) =>
    onChange(rows.map((row, at) => at === index ? next : row))
  return (
    <Choices field={field} path={path} hideLabel={hideLabel}>
      <div ref={box} className='flex w-full flex-col gap-2'>
        {rows.map((row, index) => (
          <div key={index} className='flex items-start gap-1'>
            <div className='min-w-0 grow'>
              <FieldView
                field={{ ...field.item, label: `${field.item.label} ${index + 1}` }}
                draft={row}
                path={join(path, String(index))}
                onChange={(next) => set(index, next)}
                hideLabel={field.item.kind !== 'group'}
              />
            </div>
            <IconButton
              label={`Remove ${field.item.label.toLowerCase()} ${index + 1}`}
              icon={<X aria-hidden />}
              onClick={() => remove(index)}
            />
          </div>
        ))}
        <div>
          <Button
            data-add=''
            data-path={rows.length === 0 ? path : undefined}
            icon={<Plus aria-hidden />}
            disabled={full}
            onClick={add}
          >
            Add {field.item.label.toLowerCase()}
          </Button>
        </div>
      </div>
    </Choices>
  )
}
