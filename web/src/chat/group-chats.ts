// Chats under the day they last moved: today, yesterday, this week, then by month. Pure.

type Dated = { updated_at: string }
export type ChatGroup<Chat> = { label: string; chats: Chat[] }

/** Keeps the order given; days are the reader’s own. */
export function groupChats<Chat extends Dated>(
  chats: Chat[],
  now: Date = new Date(),
): ChatGroup<Chat>[] {
  const groups: ChatGroup<Chat>[] = []
  for (const chat of chats) {
    const label = labelOf(new Date(chat.updated_at), now)
    const last = groups.at(-1)
    if (last?.label === label) last.chats.push(chat)
    else groups.push({ label, chats: [chat] })
  }
  return groups
}

function labelOf(date: Date, now: Date): string {
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  if (days < 7) return 'Last 7 days'
  if (days < 30) return 'Last 30 days'
  return new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' }).format(date)
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
