// A link that a tool gave: a page of the web opens in a tab of its own; what only its server can give is
// read from it, when a person asks, and shown in place.
import { createContext, useContext } from 'react'
import { useMutation } from '@tanstack/react-query'
import { BookOpen, ExternalLink, FileText } from 'lucide-react'
import type { ToolResult } from '@shared/execution.ts'
import { Button } from '@/ui/button.tsx'
import { FormError } from '@/ui/field.tsx'
import { Boxed } from './boxed.tsx'
import { ContentView } from './content-view.tsx'
import { type View, webAddress } from './view.ts'

/** Asks the server that gave a link for what is behind it. */
export type ReadLinked = (uri: string) => Promise<ToolResult>

const ReadContext = createContext<ReadLinked | null>(null)
export const ReadLinkedProvider = ReadContext

export function ResourceLink({ title, uri, description, detail }: Extract<View, { kind: 'link' }>) {
  const read = useContext(ReadContext)
  const address = webAddress(uri)
  const named = title === uri ? null : uri
  return (
    <Boxed
      icon={<FileText aria-hidden />}
      title={address
        ? (
          <a
            href={address}
            target='_blank'
            rel='noopener noreferrer nofollow'
            className='-my-2.5 inline-flex min-h-control items-center gap-1.5 text-accent underline'
          >
            {title}
            <ExternalLink aria-hidden className='size-3.5 shrink-0' />
            <span className='sr-only'>(opens in a new tab)</span>
          </a>
        )
        : title}
      detail={detail}
    >
      {description && <p className='text-sm'>{description}</p>}
      {named && <p className='font-mono text-xs [overflow-wrap:anywhere] text-muted'>{named}</p>}
      {read && <Reading read={() => read(uri)} uri={uri} title={title} />}
    </Boxed>
  )
}

type ReadingProps = { read: () => Promise<ToolResult>; uri: string; title: string }

function Reading({ read, uri, title }: ReadingProps) {
  const { data, error, isPending, mutate } = useMutation({ mutationFn: read })
  if (data) {
    return (
      <div className='mt-3 animate-appear border-t border-line pt-3'>
        <ContentView result={data} name={title} of={uri} />
      </div>
    )
  }
  return (
    <div className='mt-2 flex flex-col items-start gap-2'>
      {error && <FormError>{error.message}</FormError>}
      <Button busy={isPending} icon={<BookOpen aria-hidden />} onClick={() => mutate()}>
        {error ? 'Try again' : 'Read'}
        <span className='sr-only'>{title}</span>
      </Button>
    </div>
  )
}
