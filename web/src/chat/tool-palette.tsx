// The team's tools, prompts and resources in a list over the composer. The keyboard stays in the text; a
// finger may tap.
import { useEffect, useRef } from 'react'
import { FileText, FolderSearch, History, MessageSquareQuote } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { count } from '@/lib/format.ts'
import { Spinner } from '@/ui/spinner.tsx'
import { type Entry, type Kind, kinds, type Palette } from './use-palette.ts'

const words: Record<Kind, { name: string; one: string; none: string }> = {
  tools: { name: 'Tools', one: 'tool', none: 'The team has no tools in use' },
  prompts: { name: 'Prompts', one: 'prompt', none: 'The team’s servers offer no prompts' },
  resources: {
    name: 'Resources',
    one: 'resource',
    none: 'The team’s servers offer nothing to read',
  },
}

export function ToolPalette(
  { kind, show, entries, total, offers, active, listId, choose, more }: Palette,
) {
  const current = useRef<HTMLLIElement>(null)
  useEffect(() => {
    // Braces: newer browsers give a promise here, which is no clean-up.
    current.current?.scrollIntoView({ block: 'nearest' })
  }, [active, kind])
  return (
    <div className='absolute inset-x-0 bottom-full z-10 mb-2 animate-rise rounded-card border border-edge bg-raised shadow-float'>
      {/* What is behind fades out towards the edge: no line is left cut in half. */}
      <div
        aria-hidden
        className='pointer-events-none absolute -inset-x-px bottom-full mb-px h-16 bg-linear-to-t from-bg from-30% to-transparent'
      />
      <Kinds {...{ kind, show, listId }} />
      <ul
        id={listId}
        role='listbox'
        tabIndex={0}
        aria-label={words[kind].name}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          if (scrollTop + 2 * clientHeight > scrollHeight) more()
        }}
        className='max-h-[min(40dvh,20rem)] overflow-y-auto overscroll-contain p-1 empty:hidden'
      >
        {entries.map((entry, place) => (
          <li
            key={entry.id}
            id={`${listId}-${place}`}
            ref={place === active ? current : undefined}
            role='option'
            aria-selected={place === active}
            aria-setsize={total}
            aria-posinset={place + 1}
            // Before the blur of the text, which would close the list.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(entry)}
            className={cx(
              'flex min-h-11 cursor-pointer items-center gap-3 rounded-control px-3 py-1.5',
              place === active ? 'bg-hover' : 'hover:bg-hover',
            )}
          >
            <Line entry={entry} />
          </li>
        ))}
      </ul>
      <Note {...{ kind, offers, total }} />
    </div>
  )
}

/** The kinds are not reached by Tab, which completes a name: → goes on to the next. */
function Kinds({ kind, show, listId }: Pick<Palette, 'kind' | 'show' | 'listId'>) {
  return (
    <div
      role='tablist'
      aria-label='What to choose from'
      className='flex items-center gap-1 border-b border-line px-2 py-1'
    >
      {kinds.map((one) => (
        <button
          key={one}
          type='button'
          role='tab'
          tabIndex={-1}
          aria-selected={one === kind}
          aria-controls={listId}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => show(one)}
          className={cx(
            'inline-flex h-control items-center rounded-control px-3 text-sm',
            one === kind ? 'bg-press font-medium' : 'text-muted hover:bg-hover hover:text-text',
          )}
        >
          {words[one].name}
        </button>
      ))}
      <kbd className='ml-auto hidden pr-2 font-sans text-xs text-muted pointer-fine:inline'>
        → next · Enter opens{kind === 'tools' && ' · Tab inserts'}
      </kbd>
    </div>
  )
}

const icons = { tool: null, prompt: MessageSquareQuote, resource: FileText, template: FolderSearch }

function Line({ entry: { title, about, server_name, choice, recent } }: { entry: Entry }) {
  const Icon = icons[choice.kind]
  return (
    <>
      {Icon && <Icon aria-hidden className='size-4 shrink-0 text-muted' />}
      <span className='flex min-w-0 grow flex-col'>
        <span className='flex items-baseline gap-2'>
          <span className='truncate text-sm font-medium'>{title}</span>
          {recent && (
            <History
              aria-label='chosen lately'
              className='size-3.5 shrink-0 self-center text-muted'
            />
          )}
          <span className='ml-auto shrink-0 text-xs text-muted'>{server_name}</span>
        </span>
        {about && <span className='truncate text-xs text-muted'>{about}</span>}
      </span>
    </>
  )
}

/** How many there are, who is still being asked, and who could not be. */
function Note(
  { kind, offers: { found, asking, failed }, total }: Pick<Palette, 'kind' | 'offers' | 'total'>,
) {
  const { one, none } = words[kind]
  const named = kind === 'tools' || found.length > 0
  const nothing = named ? `No ${one} has this name` : failed.length > 0 ? `No ${one} found` : none
  return (
    <div className='border-t border-line px-4 py-2 text-xs text-muted'>
      <p role='status' className='flex items-center gap-2'>
        {asking > 0 && <Spinner />}
        {asking > 0
          ? `Asking ${count(asking, 'server')} …`
          : total > 0
          ? count(total, one)
          : nothing}
      </p>
      {failed.map(({ server_name, message }) => (
        <p key={server_name} className='mt-1'>
          <strong className='font-medium text-text'>{server_name}</strong> could not be asked.{' '}
          {message}
        </p>
      ))}
    </div>
  )
}
