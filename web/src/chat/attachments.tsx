// What goes along with a message: files, resources attached to it, and where words came from that its writer did not write.
import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { CircleAlert, FileText, Info, MessageSquareQuote, X } from 'lucide-react'
import { fileKind } from '@shared/attachment.ts'
import { modelQuery } from '@/lib/model.ts'
import { useTeam } from '@/session/team.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Spinner } from '@/ui/spinner.tsx'
import type { Quote } from './quote.ts'
import type { HeldFile } from './use-files.ts'

export type PromptSource = { title: string; server_name: string }

type Props = {
  source: PromptSource | null
  quotes: Quote[]
  onForgetSource: () => void
  onDetach: (quote: Quote) => void
  files: { held: HeldFile[]; refusals: string[]; remove: (id: string) => void }
}

export function Attachments({ source, quotes, onForgetSource, onDetach, files }: Props) {
  const { held, refusals, remove } = files
  if (!source && quotes.length + held.length + refusals.length === 0) return null
  return (
    <div className='px-1 pt-0.5 pb-1.5'>
      <ul aria-label='With this message' className='flex flex-wrap gap-1.5 empty:hidden'>
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
        {held.map((one) => (
          <Chip
            key={one.id}
            icon={<FileIcon {...one} />}
            label={one.name}
            removeLabel={`Remove ${one.name}`}
            onRemove={() => remove(one.id)}
          />
        ))}
      </ul>
      <div role='alert'>
        {refusals.map((why) => (
          <p key={why} className='mt-1 flex items-start gap-1.5 px-1 text-sm text-bad'>
            <CircleAlert aria-hidden className='mt-0.5 size-4 shrink-0' />
            {why}
          </p>
        ))}
      </div>
      {held.length > 0 && <Unseen held={held} />}
    </div>
  )
}

function FileIcon({ file }: HeldFile) {
  if (!file) return <Spinner label='Making it ready' />
  if (fileKind(file.mediaType) !== 'picture') return <FileText aria-hidden />
  return (
    <img src={file.url} alt='' className='-my-px -ml-2.5 size-11 rounded-l-control object-cover' />
  )
}

/** What the model that answers cannot look at, said before it is sent. */
function Unseen({ held }: { held: HeldFile[] }) {
  const { team_id } = useTeam()
  const { data } = useQuery(modelQuery(team_id))
  if (!data) return null
  const pictures = held.some(({ file }) => file && fileKind(file.mediaType) === 'picture')
  const router = data.model.provider === 'router'
  if (!router && (data.takes_images || !pictures)) return null
  return (
    <p role='status' className='mt-1 flex items-start gap-1.5 px-1 text-sm text-muted'>
      <Info aria-hidden className='mt-0.5 size-4 shrink-0' />
      {router
        ? 'The built-in router reads no files, only your words. They are kept with your message.'
        : `${data.model.name} takes no pictures: it is only told that there was one.`}
    </p>
  )
}

type ChipProps = { icon: ReactNode; label: string; removeLabel: string; onRemove: () => void }

function Chip({ icon, label, removeLabel, onRemove }: ChipProps) {
  return (
    <li className='flex max-w-full items-center gap-1.5 rounded-control border border-line bg-surface pl-2.5 text-sm [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted'>
      {icon}
      <span className='min-w-0 py-1 [overflow-wrap:anywhere]'>{label}</span>
      <IconButton label={removeLabel} icon={<X aria-hidden />} onClick={onRemove} />
    </li>
  )
}
