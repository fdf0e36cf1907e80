// A resource of a server: filled in where it is a pattern, looked at, and attached to the message as quoted text.
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Paperclip } from 'lucide-react'
import type { ToolResult } from '@shared/execution.ts'
import { isRecord } from '@shared/json.ts'
import { readResource } from '@/lib/read-resource.ts'
import { Button } from '@/ui/button.tsx'
import { ContentView } from '@/ui/content/content-view.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { BlanksForm } from './blanks-form.tsx'
import { type OfferedResource, wordsOf } from './offers.ts'
import type { Quote } from './quote.ts'
import { fill, gapsOf } from './uri-template.ts'

type Props = {
  team_id: string
  offered: OfferedResource
  onClose: () => void
  onAttach: (quote: Quote) => void
}

export function ResourceDialog({ team_id, offered, onClose, onAttach }: Props) {
  const { server_id, server_name } = offered
  const { title, about } = wordsOf(offered)
  const [uri, setUri] = useState(offered.kind === 'resource' ? offered.resource.uri : null)
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={title}
      description={`${about && about !== title ? `${about} · ` : ''}From ${server_name}`}
    >
      {offered.kind === 'template' && (
        <BlanksForm
          blanks={gapsOf(offered.template.uriTemplate).map((name) => ({ name, required: true }))}
          of={{
            team_id,
            server_id,
            ref: { type: 'ref/resource', uri: offered.template.uriTemplate },
          }}
          submitLabel={uri === null ? 'Show' : 'Show another'}
          aside={uri !== null}
          busy={false}
          error={null}
          onSubmit={(values) => setUri(fill(offered.template.uriTemplate, values))}
        />
      )}
      {uri !== null && (
        <div className={offered.kind === 'template' ? 'mt-4 border-t border-line pt-4' : undefined}>
          <Preview
            key={uri}
            {...{ team_id, server_id, uri, title }}
            onAttach={(text) => {
              onClose()
              onAttach({ name: title, uri, server_name, text })
            }}
          />
        </div>
      )}
    </Dialog>
  )
}

type PreviewProps = {
  team_id: string
  server_id: string
  uri: string
  title: string
  onAttach: (text: string) => void
}

function Preview({ team_id, server_id, uri, title, onAttach }: PreviewProps) {
  const read = useQuery({
    queryKey: ['team', team_id, 'servers', server_id, 'resource', uri],
    queryFn: ({ signal }) => readResource({ team_id, server_id, uri }, { signal }),
    retry: false,
  })
  if (read.isPending) return <SkeletonList rows={3} className='h-6' />
  if (read.isError) {
    return (
      <FailedState
        title='It could not be read'
        error={read.error}
        onRetry={() => void read.refetch()}
      />
    )
  }
  const text = textIn(read.data)
  return (
    <>
      <ContentView result={read.data} name={title} of={uri} />
      <div className='mt-4 flex flex-wrap items-center gap-3'>
        <Button
          look='primary'
          icon={<Paperclip aria-hidden />}
          disabled={text === null}
          onClick={() => onAttach(text!)}
        >
          Attach to the message
        </Button>
        {text === null && (
          <p className='text-sm text-muted'>Only text can be attached. This is to look at here.</p>
        )}
      </div>
    </>
  )
}

/** The text of all its parts; null where there is none. */
function textIn({ content }: ToolResult): string | null {
  const texts = content.flatMap(({ resource }) => {
    const text = isRecord(resource) ? resource.text : null
    return typeof text === 'string' ? [text] : []
  })
  return texts.length > 0 ? texts.join('\n\n') : null
}
