// The palette behind Ctrl/⌘ K: one text field over every place, chat, server and tool. The keyboard stays in the field.
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { Compass, MessageCircle, Plug, Search, SquareSlash } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { entriesFor, type Entry, type EntryGroup } from './app-palette-entries.ts'
import { useChats } from './chat/chats.ts'
import { useTools } from './chat/queries.ts'
import { cx } from './lib/classes.ts'
import { count } from './lib/format.ts'
import { administers } from './lib/roles.ts'
import { useTeam } from './session/team.tsx'
import { serversQuery } from './settings/queries.ts'
import { useReturnFocus } from './ui/return-focus.tsx'

const icons = { 'Go to': Compass, Chats: MessageCircle, Servers: Plug, Tools: SquareSlash }

export function Palette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const { note, onCloseAutoFocus } = useReturnFocus()
  const went = useRef(false)
  const go = (entry: Entry) => {
    went.current = true
    onClose()
    void entry.go(navigate)
  }
  // Where it led to has the focus, or takes it: what was left behind does not get it back.
  const giveFocus = (event: Event) => {
    if (!went.current) return onCloseAutoFocus(event)
    event.preventDefault()
    if (document.activeElement === document.body) document.getElementById('content')?.focus()
  }
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className='fixed inset-0 z-40 animate-appear bg-veil' />
        <Dialog.Content
          onCloseAutoFocus={giveFocus}
          aria-describedby={undefined}
          className='fixed inset-x-4 top-[max(1rem,12vh)] z-40 mx-auto flex max-h-[70vh] max-w-xl animate-rise flex-col rounded-card border border-edge bg-raised shadow-float'
        >
          {note}
          <Dialog.Title className='sr-only'>Find a chat, a tool or a page</Dialog.Title>
          <Finder onGo={go} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Finder({ onGo }: { onGo: (entry: Entry) => void }) {
  const listId = useId()
  const [typed, setTyped] = useState('')
  const [place, setPlace] = useState(0)
  const groups = useGroups(typed)
  const entries = groups.flatMap((group) => group.entries)
  const active = entries[Math.min(place, entries.length - 1)]
  const move = (by: number) => {
    const from = active ? entries.indexOf(active) : 0
    setPlace((from + by + entries.length) % Math.max(entries.length, 1))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && active) onGo(active)
    else return
    event.preventDefault()
  }
  return (
    <>
      <div className='flex items-center gap-3 border-b border-line px-4'>
        <Search aria-hidden className='size-4 shrink-0 text-muted' />
        <input
          role='combobox'
          aria-label='Find a chat, a tool or a page'
          aria-expanded={entries.length > 0}
          aria-controls={listId}
          aria-autocomplete='list'
          aria-activedescendant={active && `${listId}-${active.id}`}
          placeholder='Find a chat, a tool or a page'
          autoComplete='off'
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setPlace(0)
          }}
          onKeyDown={onKeyDown}
          className='h-12 min-w-0 grow bg-transparent text-base outline-none'
        />
      </div>
      <p role='status' className={entries.length > 0 ? 'sr-only' : 'px-4 py-6 text-sm text-muted'}>
        {entries.length > 0 ? count(entries.length, 'result') : 'Nothing here has this name.'}
      </p>
      <Results listId={listId} groups={groups} active={active} onGo={onGo} />
    </>
  )
}

function useGroups(typed: string): EntryGroup[] {
  const { team_id, role } = useTeam()
  const chats = useChats(team_id)
  const servers = useQuery({ ...serversQuery(team_id), enabled: administers(role) })
  return entriesFor(typed, {
    chats: chats.data ?? [],
    servers: servers.data ?? [],
    tools: useTools(team_id),
    inChat: useLocation().pathname.startsWith('/chat'),
  })
}

type ResultsProps = {
  listId: string
  groups: EntryGroup[]
  active: Entry | undefined
  onGo: (entry: Entry) => void
}

function Results({ listId, groups, active, onGo }: ResultsProps) {
  const current = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Braces: newer browsers give a promise here, which is no clean-up.
    current.current?.scrollIntoView({ block: 'nearest' })
  }, [active?.id])
  return (
    <div
      id={listId}
      role='listbox'
      tabIndex={-1}
      aria-label='Results'
      className='min-h-0 overflow-y-auto overscroll-contain p-1 empty:hidden'
    >
      {groups.map(({ label, entries }) => {
        const Icon = icons[label]
        return (
          <div key={label} role='group' aria-label={label}>
            <div aria-hidden className='px-3 pt-2 pb-1 text-xs font-medium text-muted'>{label}</div>
            {entries.map((entry) => (
              <div
                key={entry.id}
                id={`${listId}-${entry.id}`}
                ref={entry === active ? current : undefined}
                role='option'
                tabIndex={-1}
                aria-selected={entry === active}
                onClick={() => onGo(entry)}
                className={cx(
                  'flex min-h-control cursor-pointer items-center gap-3 rounded-control px-3 text-sm',
                  entry === active ? 'bg-press' : 'hover:bg-hover',
                )}
              >
                <Icon aria-hidden className='size-4 shrink-0 text-muted' />
                <span className='min-w-0 grow truncate'>{entry.label}</span>
                {entry.note && <span className='shrink-0 text-xs text-muted'>{entry.note}</span>}
              </div>
            ))}
          </div>
        )
      })}
    </div>
  )
}
