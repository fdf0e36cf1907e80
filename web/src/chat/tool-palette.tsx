// The team's tools in a list over the composer. The keyboard stays in the text; a finger may tap.
import { useEffect, useRef } from 'react'
import { cx } from '@/lib/classes.ts'
import { count } from '@/lib/format.ts'
import { toolTitle } from '@/lib/tool-title.ts'
import type { Found } from './chat-tools.ts'

type Props = { found: Found[]; active: number; listId: string; choose: (found: Found) => void }

/** More than anyone scrolls through: typing narrows it down. */
const most = 50

export function ToolPalette({ found, active, listId, choose }: Props) {
  const current = useRef<HTMLLIElement>(null)
  useEffect(() => {
    // Braces: newer browsers give a promise here, which is no clean-up.
    current.current?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div className='absolute inset-x-0 bottom-full z-10 mb-2 animate-rise rounded-card border border-edge bg-raised shadow-float'>
      {/* What is behind fades out towards the edge: no line is left cut in half. */}
      <div
        aria-hidden
        className='pointer-events-none absolute -inset-x-px bottom-full h-16 bg-linear-to-t from-bg from-30% to-transparent'
      />
      <p role='status' className='border-b border-line px-4 py-2 text-xs text-muted'>
        {found.length === 0 ? 'No tool has this name' : count(found.length, 'tool')}
        {found.length > 0 && (
          <span className='hidden pointer-fine:inline'>{' · Enter opens, Tab inserts'}</span>
        )}
      </p>
      <ul
        id={listId}
        role='listbox'
        tabIndex={0}
        aria-label='Tools'
        className='max-h-[min(40dvh,20rem)] overflow-y-auto overscroll-contain p-1'
      >
        {found.slice(0, most).map((one, place) => (
          <li
            key={one.key}
            id={`${listId}-${place}`}
            ref={place === active ? current : undefined}
            role='option'
            aria-selected={place === active}
            // Before the blur of the text, which would close the list.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(one)}
            className={cx(
              'flex min-h-11 cursor-pointer flex-col justify-center rounded-control px-3 py-1.5',
              place === active ? 'bg-hover' : 'hover:bg-hover',
            )}
          >
            <span className='flex items-baseline gap-2'>
              <span className='truncate text-sm font-medium'>{toolTitle(one.tool)}</span>
              <span className='ml-auto shrink-0 text-xs text-muted'>{one.tool.server_name}</span>
            </span>
            {one.tool.description && (
              <span className='truncate text-xs text-muted'>{one.tool.description}</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
