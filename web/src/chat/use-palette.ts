// The list over the composer: when it is open, which of the three kinds it shows, what is in it, and its keys.
import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { toolTitle } from '@/lib/tool-title.ts'
import { type ChatTool, findTools, type Found } from './chat-tools.ts'
import { findOffers, keyOf, type Offered, type Offers, useOffers, wordsOf } from './offers.ts'
import { typedIn } from './palette-typed.ts'
import { keepChoice, recentChoices, recentFirst } from './recent-choices.ts'

export const kinds = ['tools', 'prompts', 'resources'] as const
export type Kind = typeof kinds[number]

/** A line of the list, whatever it is. */
export type Entry = {
  id: string
  title: string
  about: string | null
  server_name: string
  choice: { kind: 'tool'; found: Found } | Offered
  /** Among those chosen last. */
  recent: boolean
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

/** So many lines are drawn at first, and so many more whenever someone comes to their end. */
const page = 50

/** Opens while a `/name` or `@name` is being typed, or by its button, whatever is written already. */
export function usePalette(options: Options) {
  const { team_id, draft, onDraft, onTool, onOffer, servers } = options
  const listId = useId()
  const [closedFor, setClosedFor] = useState<string | null>(null)
  const [openedFor, setOpenedFor] = useState<string | null>(null)
  const [shownKinds, setShownKinds] = useState<Record<'/' | '@', Kind>>(kindsAtFirst)
  const [place, setPlace] = useState(0)
  const [drawn, setDrawn] = useState(page)
  const typed = typedIn(draft)
  const sign = typed?.sign ?? '/'
  const kind = shownKinds[sign]
  const open = servers.size > 0 &&
    (openedFor === draft || (typed !== null && closedFor !== draft))
  const { all, offers } = useEntries({ ...options, kind: open ? kind : null }, typed?.filter ?? '')
  const active = Math.min(place, Math.max(all.length - 1, 0))
  const close = () => {
    setClosedFor(draft)
    setOpenedFor(null)
    setDrawn(page)
  }
  const choose = ({ id, choice }: Entry) => {
    keepChoice(team_id, id)
    if (typed !== null) onDraft(typed.rest)
    close()
    if (choice.kind === 'tool') onTool(choice.found)
    else onOffer(choice)
  }
  const show = (next: Kind) => {
    setShownKinds((now) => ({ ...now, [sign]: next }))
    setPlace(0)
    setDrawn(page)
  }
  const goTo = (next: number) => {
    setPlace(next)
    setDrawn((now) => Math.max(now, next + 1))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (!open) return false
    const one = all[active]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const atEnd = event.currentTarget.selectionEnd === draft.length && !event.shiftKey
    if (event.key === 'Escape') close()
    else if (step) goTo((active + step + all.length) % Math.max(all.length, 1))
    else if (event.key === 'ArrowRight' && atEnd) show(kinds[(kinds.indexOf(kind) + 1) % 3]!)
    else if (event.key === 'Enter' && one) choose(one)
    else if (
      event.key === 'Tab' && sign === '/' && one?.choice.kind === 'tool' && !event.shiftKey
    ) onDraft(`/${one.choice.found.key} `)
    else return false
    event.preventDefault()
    return true
  }
  return {
    open,
    kind,
    show,
    entries: all.slice(0, drawn),
    total: all.length,
    offers,
    active,
    listId,
    choose,
    onKeyDown,
    close,
    more: () => setDrawn((now) => now < all.length ? now + page : now),
    reopen: () => {
      setClosedFor(null)
      setOpenedFor(draft)
    },
    inputProps: open
      ? {
        'aria-autocomplete': 'list' as const,
        'aria-controls': listId,
        'aria-activedescendant': all.length > 0 ? `${listId}-${active}` : undefined,
      }
      : {},
  }
}

export type Palette = ReturnType<typeof usePalette>

const kindsAtFirst: Record<'/' | '@', Kind> = { '/': 'tools', '@': 'resources' }

type Asked = Pick<Options, 'team_id' | 'tools' | 'servers'> & { kind: Kind | null }

function useEntries(
  { team_id, tools, servers, kind }: Asked,
  typed: string,
): { all: Entry[]; offers: Offers } {
  const offers = useOffers(team_id, { kind: kind === 'tools' ? null : kind, servers })
  const { found } = offers
  const all = useMemo(() => {
    if (kind === null) return []
    const entries = kind === 'tools'
      ? findTools(tools, typed).map(toolEntry)
      : findOffers(found, typed).map(offerEntry)
    // Whoever types a name knows what they look for.
    return recentFirst(entries, typed === '' ? recentChoices(team_id) : [])
  }, [kind, tools, found, typed, team_id])
  return { all, offers }
}

function toolEntry(found: Found): Omit<Entry, 'recent'> {
  const { key, tool } = found
  const { description: about, server_name } = tool
  return { id: key, title: toolTitle(tool), about, server_name, choice: { kind: 'tool', found } }
}

function offerEntry(offered: Offered): Omit<Entry, 'recent'> {
  const { server_name } = offered
  return { id: keyOf(offered), ...wordsOf(offered), server_name, choice: offered }
}
