// A JSON value as a person reads it: table, facts, list or tree; the JSON itself one click away.
import { type ReactNode, useMemo, useState } from 'react'
import { Braces, Rows3 } from 'lucide-react'
import { IconButton } from '@/ui/icon-button.tsx'
import { Cell } from './cell.tsx'
import { CopyButton } from '../copy-button.tsx'
import { Fold } from './fold.tsx'
import { JsonTree } from './json-tree.tsx'
import { type Part, type Shape, shapeOf, type TableColumn } from './shape.ts'
import { type Told } from './told.ts'
import { ValueTable } from './value-table.tsx'

const maxItems = 300

/** `told`: what is known of it by its schema. */
type Props = { value: unknown; name: string; told?: Told | null }

export function ValueView({ value, name, told = null }: Props) {
  const shape = useMemo(() => shapeOf(value, told), [value, told])
  const [raw, setRaw] = useState(false)
  if (shape.kind === 'scalar') return <Cell column={plain(name)} value={shape.value} />
  const toggle = shape.kind !== 'tree' && (
    <IconButton
      label={raw ? 'Show as a page' : 'Show as JSON'}
      icon={raw ? <Rows3 aria-hidden /> : <Braces aria-hidden />}
      onClick={() => setRaw(!raw)}
    />
  )
  if (shape.kind === 'table' && !raw) {
    return <ValueTable name={name} columns={shape.columns} rows={shape.rows} more={toggle} />
  }
  const asJson = raw || shape.kind === 'tree'
  return (
    <div className='flex items-start gap-1'>
      <div className='min-w-0 grow'>
        {asJson
          ? (
            <Fold>
              <JsonTree value={value} />
            </Fold>
          )
          : <Shaped shape={shape} name={name} />}
      </div>
      <div className='-my-2.5 flex shrink-0 flex-col-reverse sm:flex-row pointer-fine:-my-1.5'>
        {asJson && <CopyButton label='Copy JSON' text={() => JSON.stringify(value, null, 2)} />}
        {toggle}
      </div>
    </div>
  )
}

function Shaped({ shape, name }: { shape: Shape; name: string }): ReactNode {
  switch (shape.kind) {
    case 'scalar':
      return <Cell column={plain(name)} value={shape.value} />
    case 'table':
      return <ValueTable name={name} columns={shape.columns} rows={shape.rows} />
    case 'list':
      return <Items items={shape.items} name={name} />
    case 'facts':
      return <Facts shape={shape} />
    case 'tree':
      return (
        <Fold>
          <JsonTree value={shape.value} />
        </Fold>
      )
  }
}

function Items({ items, name }: { items: unknown[]; name: string }) {
  return (
    <Fold>
      <ul className='list-disc pl-5'>
        {items.slice(0, maxItems).map((item, at) => (
          <li key={at}>
            <Cell column={plain(name)} value={item} />
          </li>
        ))}
      </ul>
      {items.length > maxItems && (
        <p className='text-muted'>{items.length - maxItems} more: copy the JSON to see them.</p>
      )}
    </Fold>
  )
}

function Facts({ shape }: { shape: Extract<Shape, { kind: 'facts' }> }) {
  return (
    <div className='flex flex-col gap-4'>
      {shape.facts.length > 0 && (
        <Fold>
          <dl className='grid grid-cols-[minmax(6rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1.5'>
            {shape.facts.map(({ value, ...column }) => (
              <div key={column.name} className='contents'>
                <dt
                  title={column.description ?? undefined}
                  className='text-sm leading-[1.6rem] text-muted'
                >
                  {column.title}
                </dt>
                <dd className='whitespace-pre-wrap [&_time]:whitespace-normal'>
                  <Cell column={column} value={value} />
                </dd>
              </div>
            ))}
          </dl>
        </Fold>
      )}
      {shape.parts.map((part) => <OnePart key={part.title} {...part} />)}
    </div>
  )
}

function OnePart({ title, value, told }: Part) {
  const shape = useMemo(() => shapeOf(value, told, 1), [value, told])
  return (
    <section>
      <h4 className='mb-1 text-sm font-medium'>{title}</h4>
      <Shaped shape={shape} name={title} />
    </section>
  )
}

function plain(name: string): TableColumn {
  return { name, title: name, description: null, unit: null, format: null, type: 'text' }
}
