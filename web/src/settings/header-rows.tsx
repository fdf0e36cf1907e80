// Several headers of a credential, one row each.
import { Plus, X } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { Field } from '@/ui/field.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Input } from '@/ui/input.tsx'
import type { HeaderRow } from './credential-draft.ts'
import { plain, secret } from './masked.ts'

type RowsProps = {
  rows: HeaderRow[]
  onChange: (rows: HeaderRow[]) => void
  errorOf: (path: string) => string | undefined
}

export function HeaderRows({ rows, onChange, errorOf }: RowsProps) {
  const set = (at: number, change: Partial<HeaderRow>) =>
    onChange(rows.map((row, index) => index === at ? { ...row, ...change } : row))
  return (
    <div className='flex flex-col gap-3'>
      {rows.map((row, at) => (
        <div key={at} className='flex items-end gap-2'>
          <div className='grid min-w-0 grow gap-2 sm:grid-cols-2'>
            <Field label={`Header ${at + 1}`} error={errorOf(`headers.${at}.name`)}>
              {(control) => (
                <Input
                  {...control}
                  {...plain}
                  value={row.name}
                  onChange={(event) => set(at, { name: event.target.value })}
                />
              )}
            </Field>
            <Field label={`Value ${at + 1}`} error={errorOf(`headers.${at}.value`)}>
              {(control) => (
                <Input
                  {...control}
                  {...secret}
                  value={row.value}
                  onChange={(event) => set(at, { value: event.target.value })}
                />
              )}
            </Field>
          </div>
          {rows.length > 1 && (
            <IconButton
              label={`Remove header ${at + 1}`}
              icon={<X aria-hidden />}
              onClick={() => onChange(rows.filter((_, index) => index !== at))}
            />
          )}
        </div>
      ))}
      <Button
        className='self-start'
        icon={<Plus aria-hidden />}
        disabled={rows.length >= 16}
        onClick={() => onChange([...rows, { name: '', value: '' }])}
      >
        Add header
      </Button>
    </div>
  )
}
