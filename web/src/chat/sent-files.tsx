// The pictures and text files of a message that was sent: small until they are asked for, and never drawn as markup.
import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { FileText, ImageOff } from 'lucide-react'
import { fileKind } from '@shared/attachment.ts'
import { useTeam } from '@/session/team.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { contentQuery, textInside } from './attached-content.ts'
import { useChatId } from './chat-people.tsx'
import type { SentFile } from './reconcile.ts'

export function SentFiles({ files }: { files: SentFile[] }) {
  return (
    <ul aria-label='Attached files' className='flex max-w-[85%] flex-wrap justify-end gap-1.5'>
      {files.map((file) => (
        <li key={file.id ?? file.url} className='max-w-full'>
          {fileKind(file.mediaType) === 'picture' ? <Picture file={file} /> : <Text file={file} />}
        </li>
      ))}
    </ul>
  )
}

function Picture({ file }: { file: SentFile }) {
  const of = { ...useTeam(), chat_id: useChatId() }
  const [box, seen] = useSeen()
  const [open, setOpen] = useState(false)
  const { data, error } = useQuery({ ...contentQuery(of, file), enabled: seen })
  // The row has the last word on what it holds.
  const url = data && fileKind(data.mediaType) === 'picture' ? data.url : null
  return (
    <div ref={box} className='size-36'>
      {error && <Unread name={file.name} />}
      {!error && !url && <Skeleton className='size-36' />}
      {url && (
        <button
          type='button'
          onClick={() => setOpen(true)}
          aria-label={`Open picture ${file.name}`}
          className='size-full overflow-hidden rounded-card border border-line bg-surface hover:border-edge'
        >
          <img src={url} alt='' className='size-full object-cover' />
        </button>
      )}
      {url && (
        <Dialog open={open} onOpenChange={setOpen} title={file.name} wide reading>
          <img
            src={url}
            alt={file.name}
            className='mx-auto max-h-[75vh] max-w-full rounded-control object-contain'
          />
        </Dialog>
      )}
    </div>
  )
}

function Unread({ name }: { name: string }) {
  return (
    <p className='flex size-full flex-col items-center justify-center gap-1 rounded-card border border-line bg-surface p-2 text-center text-xs text-muted'>
      <ImageOff aria-hidden className='size-5' />
      <span className='max-w-full truncate'>{name}</span>
      could not be read
    </p>
  )
}

function Text({ file }: { file: SentFile }) {
  const of = { ...useTeam(), chat_id: useChatId() }
  const [open, setOpen] = useState(false)
  const { data, error } = useQuery({ ...contentQuery(of, file), enabled: open })
  const text = data ? textInside(data) : null
  return (
    <details
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className='max-w-full rounded-card border border-line bg-raised text-sm'
    >
      <summary className='flex min-h-control cursor-pointer list-none items-center gap-2 rounded-card px-3 py-1.5 hover:bg-hover'>
        <FileText aria-hidden className='size-4 shrink-0 text-muted' />
        <span className='min-w-0 [overflow-wrap:anywhere]'>{file.name}</span>
      </summary>
      <div className='relative border-t border-line'>
        {error && <p className='px-3 py-2 text-bad'>{error.message}</p>}
        {!error && text === null && (
          data
            ? <p className='px-3 py-2 text-muted'>This file holds no text.</p>
            : <Skeleton className='m-3 h-16 w-60' />
        )}
        {text !== null && (
          <>
            <pre
              tabIndex={0}
              className='max-h-80 max-w-[min(70vw,36rem)] overflow-auto p-3 pr-12 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]'
            >
              {text}
            </pre>
            <CopyButton
              label={`Copy ${file.name}`}
              text={() => text}
              className='absolute top-1 right-1 bg-raised'
            />
          </>
        )}
      </div>
    </details>
  )
}

/** Whether it has been on the screen: what lies further up is not read before someone goes there. */
function useSeen() {
  const box = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState(typeof IntersectionObserver === 'undefined')
  useEffect(() => {
    if (seen || !box.current) return
    const watch = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    }, { rootMargin: '400px' })
    watch.observe(box.current)
    return () => watch.disconnect()
  }, [seen])
  return [box, seen] as const
}
