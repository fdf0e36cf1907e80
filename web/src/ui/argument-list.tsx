// Arguments as a person reads them: a name and its value, one under the other.
import { cx } from '@/lib/classes.ts'
import { readableName } from '@/lib/format.ts'
import { revealed } from '@/lib/revealed.ts'

type Props = {
  values: Record<string, unknown>
  /** All of each value, however long it is, and what in it cannot be seen. */
  whole?: boolean
}

export function ArgumentList({ values, whole = false }: Props) {
  return (
    <dl className='grid grid-cols-[minmax(0,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm'>
      {Object.entries(values).map(([name, value]) => (
        <div key={name} className='contents'>
          <dt className='text-muted'>{readableName(whole ? revealed(name) : name)}</dt>
          <dd className={cx('whitespace-pre-wrap', !whole && 'max-h-60 overflow-y-auto')}>
            {whole ? revealed(readableValue(value)) : readableValue(value)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function readableValue(value: unknown): string {
  if (value === null || value === undefined) return '—'
  if (typeof value === 'string') return value === '' ? '(empty)' : value
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ')
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value)
}
