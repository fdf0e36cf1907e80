// One notice on the screen for what is new, however much it is.
import { count } from '@/lib/format.ts'
import { toast } from '@/ui/toast.tsx'
import { type Notice, readCalls } from './notice-queries.ts'
import { noticeWords } from './notice-words.ts'

type News = {
  team_id: string
  me: string
  fresh: Notice[]
  open: (execution_id: string) => void
  onShow: () => void
}

/** Waits for nothing but the words: where the call cannot be read, it says less. */
export async function tell({ team_id, me, fresh, open, onShow }: News): Promise<void> {
  const [first, ...others] = fresh
  if (!first) return
  if (others.length > 0) {
    const text = `${count(fresh.length, 'new notice')}.`
    toast({ tone: 'info', text, polite: true, action: { label: 'Show', run: onShow } })
    return
  }
  const calls = await readCalls(team_id, fresh).catch(() => null)
  const words = noticeWords(first, { call: calls?.get(first.execution_id), me })
  const run = () => open(first.execution_id)
  toast({ ...words, polite: true, action: { label: 'Open', run } })
}
