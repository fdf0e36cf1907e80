// The list over the composer: when it is open, which of the three kinds it shows, what is in it, and its keys.
import { type KeyboardEvent, useId, useState } from 'react'
import { toolTitle } from '@/lib/tool-title.ts'
import { type ChatTool, findTools, type Found, paletteFilter } from './chat-tools.ts'
import { findOffers, keyOf, type Offered, type Offers, useOffers, wordsOf } from './offers.ts'

export const kinds = ['tools', 'prompts', 'resources'] as const
export type Kind = typeof kinds[number]

/** A line of the list, whatever it is. */
export type Entry = {
  id: string
  title: string
  about: string | null
  server_name: string
  choice: { kind: 'tool'; found: Found } | Offered
}

export type Options = {
  team_id: string
  draft: string
  onDraft: (text: string) => void
  onTool: (found: Found) => void
  onOffer: (offered: Offered) => void
  tools: Map<string, ChatTool>
  /** The servers in use: names by id. */
  servers: Map<string, string>
}

/** Opens while a `/name` is being typed, or by its button, whatever is written already. */
export function usePalette(options: Options) {
  const { draft, onDraft, onTool, onOffer, servers } = options
  const listId = useId()
  const [closedFor, setClosedFor] = useState<string | null>(null)
  const [openedFor, setOpenedFor] = useState<string | null>(null)
  const [kind, setKind] = useState<Kind>('tools')
  const [place, setPlace] = useState(0)
  const typed = paletteFilter(draft)
  const open = servers.size > 0 &&
    (openedFor === draft || (typed !== null && closedFor !== draft))
  const { entries, total, offers } = useEntries(
    { ...options, kind: open ? kind : null },
    typed ?? '',
  )
  const active = Math.min(place, Math.max(entries.length - 1, 0))
  const close = () => {
    setClosedFor(draft)
    setOpenedFor(null)
  }
  const choose = ({ choice }: Entry) => {
    if (typed !== null) onDraft('')
    close()
    if (choice.kind === 'tool') onTool(choice.found)
    else onOffer(choice)
  }
  const show = (next: Kind) => {
    setKind(next)
    setPlace(0)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (!open) return false
    const one = entries[active]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const atEnd = event.currentTarget.selectionEnd === draft.length && !event.shiftKey
    if (event.key === 'Escape') close()
    else if (step) setPlace((active + step + entries.length) % Math.max(entries.length, 1))
    else if (event.key === 'ArrowRight' && atEnd) show(kinds[(kinds.indexOf(kind) + 1) % 3]!)
    else if (event.key === 'Enter' && one) choose(one)
    else if (event.key === 'Tab' && one?.choice.kind === 'tool' && !event.shiftKey) {
      onDraft(`/${one.choice.found.key} `)
    } else return false
    event.preventDefault()
    return true
  }
  return {
    open,
    kind,
    show,
    entries,
    total,
    offers,
    active,
    listId,
    choose,
    onKeyDown,
    close,
    reopen: () => {
      setClosedFor(null)
      setOpenedFor(draft)
    },
    inputProps: open
      ? {
        'aria-autocomplete': 'list' as const,
        'aria-controls': listId,
        'aria-activedescendant': entries.length > 0 ? `${listId}-${active}` : undefined,
      }
      : {},
  }
}

export type Palette = ReturnType<typeof usePalette>

/** More than anyone scrolls through: typing narrows it down. */
const most = 50

type Asked = Pick<Options, 'team_id' | 'tools' | 'servers'> & { kind: Kind | null }

function useEntries(
  { team_id, tools, servers, kind }: Asked,
  typed: string,
): { entries: Entry[]; total: number; offers: Offers } {
  const offers = useOffers(team_id, { kind: kind === 'tools' ? null : kind, servers })
  const all = kind === 'tools'
    ? findTools(tools, typed).map(toolEntry)
    : findOffers(offers.found, typed).map(offerEntry)
  return { entries: all.slice(0, most), total: all.length, offers }
}

function toolEntry(found: Found): Entry {
  const { key, tool } = found
  const { description: about, server_name } = tool
  return { id: key, title: toolTitle(tool), about, server_name, choice: { kind: 'tool', found } }
}

function offerEntry(offered: Offered): Entry {
  const { server_name } = offered
  return { id: keyOf(offered), ...wordsOf(offered), server_name, choice: offered }
}
