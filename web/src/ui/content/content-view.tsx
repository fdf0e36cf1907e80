// A tool's result as a person reads it. Whatever it holds is a stranger's: it is drawn, never run and never fetched.
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { File, FileText } from 'lucide-react'
import type { ToolResult } from '@shared/execution.ts'
import { Button } from '@/ui/button.tsx'
import { Boxed } from './boxed.tsx'
import { Fold } from './fold.tsx'
import { JsonTree } from './json-tree.tsx'
import { Picture, SaveLink, Sound } from './media.tsx'
import { type Origin, OriginProvider, useOrigin } from './origin.ts'
import { PlainText } from './plain-text.tsx'
import { type ReadLinked, ReadLinkedProvider, ResourceLink } from './resource-link.tsx'
import { toldBy } from './told.ts'
import { ValueView } from './value-view.tsx'
import { byteWords, type View, viewsOf, withoutHeading } from './view.ts'

const Markdown = lazy(() =>
  import('@/ui/markdown.tsx').then(({ Markdown }) => ({ default: Markdown }))
)

/** More parts than this wait behind a button. */
const page = 20

type Props = {
  result: ToolResult
  /** What the result is of, in words: names downloads and tables. */
  name?: string
  /** The tool it is of, where that is known. */
  origin?: Origin
  /** Reads what the result links to, where there is a server to ask. */
  read?: ReadLinked
  /** The address that was read: what came from it needs no heading of its own. */
  of?: string
}

export function ContentView({ result, name = 'Result', origin = nowhere, read, of }: Props) {
  const views = useMemo(() => withoutHeading(viewsOf(result), { of, name }), [result, of, name])
  const [shown, setShown] = useState(page)
  if (views.length === 0) {
    return (
      <p className='text-sm text-muted'>
        {of ? 'There is nothing in it.' : 'The tool finished and sent nothing back.'}
      </p>
    )
  }
  return (
    <div className='flex min-w-0 flex-col gap-4'>
      <OriginProvider value={origin}>
        <ReadLinkedProvider value={read ?? null}>
          {views.slice(0, shown).map((view, at) => <Part key={at} view={view} name={name} />)}
        </ReadLinkedProvider>
      </OriginProvider>
      {views.length > shown && (
        <Button
          className='self-start'
          onClick={() => setShown(shown + page)}
        >
          Show {Math.min(page, views.length - shown)} more of {views.length} parts
        </Button>
      )}
    </div>
  )
}

const nowhere: Origin = { toolId: null, schema: null }

function Part({ view, name }: { view: View; name: string }): ReactNode {
  switch (view.kind) {
    case 'value':
      return view.structured
        ? <Structured value={view.value} name={name} />
        : <ValueView value={view.value} name={name} />
    case 'markdown':
      return (
        <Fold>
          <Suspense fallback={<PlainText text={view.text} name={name} />}>
            <Markdown text={view.text} />
          </Suspense>
        </Fold>
      )
    case 'text':
      return (
        <Fold>
          <PlainText text={view.text} name={name} aligned={view.aligned} />
        </Fold>
      )
    case 'image':
      return <Picture {...view} />
    case 'audio':
      return <Sound {...view} />
    case 'link':
      return <ResourceLink {...view} />
    case 'resource':
      return <Resource view={view} name={name} />
    case 'file':
      return (
        <Boxed icon={<File aria-hidden />} title={view.title} detail={byteWords(view.bytes)}>
          <SaveLink source={view.source} fileName={fileNameOf(view.title)} />
        </Boxed>
      )
    case 'unknown':
      return (
        <div>
          <p className='mb-1 text-sm text-muted'>
            A part of a kind Astra does not know ({view.type}):
          </p>
          <Fold>
            <JsonTree value={view.value} />
          </Fold>
        </div>
      )
  }
}

function Structured({ value, name }: { value: unknown; name: string }) {
  const { schema } = useOrigin()
  const told = useMemo(() => toldBy(schema), [schema])
  return <ValueView value={value} name={name} told={told} />
}

function Resource({ view, name }: { view: Extract<View, { kind: 'resource' }>; name: string }) {
  const shown = view.title === view.uri ? null : view.uri
  return (
    <Boxed icon={<FileText aria-hidden />} title={view.title}>
      {shown && <p className='font-mono text-xs text-muted'>{shown}</p>}
      <div className='mt-2'>
        {view.views.map((inner, at) => <Part key={at} view={inner} name={name} />)}
      </div>
    </Boxed>
  )
}

function fileNameOf(title: string): string {
  return title.split('/').at(-1)?.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80) || 'file'
}
