// The list of tools over the composer: when it is open, what is in it, and its keys.
import { type KeyboardEvent, useId, useState } from 'react'
import { type ChatTool, findTools, type Found, paletteFilter } from './chat-tools.ts'

type Options = {
  draft: string
  onDraft: (text: string) => void
  onTool: (found: Found) => void
  tools: Map<string, ChatTool>
}

/** The list over the composer while a `/name` is being typed. */
export function usePalette({ draft, onDraft, onTool, tools }: Options) {
  const listId = useId()
  const [closedFor, setClosedFor] = useState<string | null>(null)
  const [place, setPlace] = useState(0)
  const filter = paletteFilter(draft)
  const found = filter === null ? [] : findTools(tools, filter)
  const open = filter !== null && closedFor !== draft && tools.size > 0
  const active = Math.min(place, Math.max(found.length - 1, 0))
  const choose = (one: Found) => {
    onDraft('')
    onTool(one)
  }
  const move = (by: number) => setPlace((active + by + found.length) % Math.max(found.length, 1))

  const onKeyDown = (event: KeyboardEvent): boolean => {
    const one = found[active]
    if (!open) return false
    if (event.key === 'Escape') setClosedFor(draft)
    else if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && one) choose(one)
    else if (event.key === 'Tab' && one && !event.shiftKey) onDraft(`/${one.key} `)
    else return false
    event.preventDefault()
    return true
  }
  return {
    open,
    found,
    active,
    listId,
    choose,
    onKeyDown,
    close: () => setClosedFor(draft),
    reopen: () => setClosedFor(null),
    inputProps: open
      ? {
        'aria-autocomplete': 'list' as const,
        'aria-controls': listId,
        'aria-activedescendant': found.length > 0 ? `${listId}-${active}` : undefined,
      }
      : {},
  }
}
