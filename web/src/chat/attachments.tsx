// What goes along with a message: resources attached to it, and where words came from that its writer did not write.
import { FileText, MessageSquareQuote, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '@/ui/icon-button.tsx'
import type { Quote } from './quote.ts'

export type PromptSource = { title: string; server_name: string }

type Props = {
  source: PromptSource | null
  quotes: Quote[]
  onForgetSource: () => void
  onDetach: (quote: Quote) => void
}

export function Attachments({ source, quotes, onForgetSource, onDetach }: Props) {
  if (!source && quotes.length === 0) return null
  return (
    <ul aria-label='With this message' className='flex flex-wrap gap-1.5 px-1 pt-0.5 pb-1.5'>
      {source && (
        <Chip
          icon={<MessageSquareQuote aria-hidden />}
          label={`Prompt “${source.title}” from ${source.server_name}`}
          removeLabel='Hide where these words came from'
          onRemove={onForgetSource}
        />
      )}
      {quotes.map((quote) => (
        <Chip
          key={quote.uri}
          icon={<FileText aria-hidden />}
          label={`${quote.name} from ${quote.server_name}`}
          removeLabel={`Detach ${quote.name}`}
          onRemove={() => onDetach(quote)}
        />
      ))}
    </ul>
  )
}

type ChipProps = { icon: ReactNode; label: string; removeLabel: string; onRemove: () => void }

function Chip({ icon, label, removeLabel, onRemove }: ChipProps) {
  return (
    <li className='flex max-w-full items-center gap-1.5 rounded-control border border-line bg-surface pl-2.5 text-sm [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted'>
      {icon}
      <span className='min-w-0 py-1'>{label}</span>
      <IconButton label={removeLabel} icon={<X aria-hidden />} onClick={onRemove} />
    </li>
  )
}
