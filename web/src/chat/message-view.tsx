// One message: what a person wrote, or what Astra answered with the calls it made on the way.
import { lazy, memo, Suspense, useMemo } from 'react'
import { FileText, Terminal } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { ArgumentList } from '@/ui/argument-list.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { titleOfKey, toolTitle } from '@/lib/tool-title.ts'
import { CallStack } from './call-stack.tsx'
import { type ChatMessage, textOf } from './chat-message.ts'
import { AskedBy, useOther, useSeveral } from './chat-people.tsx'
import type { ChatTool } from './chat-tools.ts'
import { groupParts } from './group-parts.ts'
import { type Quote, readQuote } from './quote.ts'
import { asWritten, filesOf } from './reconcile.ts'
import { readPersonCall } from './slash.ts'
import type { CallActions } from './tool-card.tsx'

/** The first screen does without it; it is fetched as soon as there is an answer to draw. */
const Markdown = lazy(() =>
  import('@/ui/markdown.tsx').then(({ Markdown }) => ({ default: Markdown }))
)

/** Most messages have none. */
const SentFiles = lazy(() =>
  import('./sent-files.tsx').then(({ SentFiles }) => ({ default: SentFiles }))
)

type Props = {
  message: ChatMessage
  tools: Map<string, ChatTool>
  actions: CallActions
  /** The answer is still arriving. */
  live: boolean
  /** Nothing follows it. */
  last: boolean
}

export const MessageView = memo(function MessageView(props: Props) {
  if (props.message.role === 'user') return <PersonMessage {...props} />
  return (
    <AskedBy message_id={props.message.id}>
      <AnswerMessage {...props} />
    </AskedBy>
  )
})

export function PersonMessage({ message, tools }: Pick<Props, 'message' | 'tools'>) {
  const { text, quotes = [] } = asWritten(message)
  const files = filesOf(message)
  const call = readPersonCall(text)
  const tool = call && tools.get(call.key)
  const other = useOther(message.id)
  const several = useSeveral()
  return (
    <div className={cx('flex flex-col', other === null ? 'items-end' : 'items-start')}>
      <h2 className={several ? 'mb-1 px-1 text-xs font-medium text-muted' : 'sr-only'}>
        {other ?? 'You'} <span className='sr-only'>said</span>
      </h2>
      {files.length > 0 && (
        <div className='mb-1.5 flex max-w-full justify-end'>
          <Suspense fallback={<Skeleton className='size-36' />}>
            <SentFiles files={files} />
          </Suspense>
        </div>
      )}
      {text !== '' && (
        <div className='max-w-[85%] rounded-card bg-surface px-4 py-2.5 text-base whitespace-pre-wrap'>
          {call
            ? (
              <div className='flex flex-col gap-1 whitespace-normal'>
                <span className='flex items-center gap-2 font-medium'>
                  <Terminal aria-hidden className='size-4 shrink-0 text-muted' />
                  {tool ? toolTitle(tool) : titleOfKey(call.key)}
                </span>
                <ArgumentList values={call.parameters} />
              </div>
            )
            : text}
        </div>
      )}
      {quotes.map((written) => <AttachedQuote key={written} quote={readQuote(written)!} />)}
    </div>
  )
}

function AttachedQuote({ quote: { name, server_name, uri, text } }: { quote: Quote }) {
  return (
    <details className='mt-1.5 max-w-[85%] rounded-card border border-line bg-raised text-sm'>
      <summary className='flex min-h-control cursor-pointer list-none items-center gap-2 rounded-card px-3 py-1.5 hover:bg-hover'>
        <FileText aria-hidden className='size-4 shrink-0 text-muted' />
        <span className='min-w-0'>
          {name} <span className='text-muted'>from</span> {server_name}
        </span>
      </summary>
      <div className='border-t border-line px-3 py-2'>
        <p className='mb-2 font-mono text-xs [overflow-wrap:anywhere] text-muted'>{uri}</p>
        <p className='max-h-80 overflow-y-auto whitespace-pre-wrap'>{text}</p>
      </div>
    </details>
  )
}

function AnswerMessage({ message, tools, actions, live, last }: Props) {
  const groups = useMemo(() => groupParts(message.parts), [message.parts])
  const text = textOf(message)
  return (
    <div className='flex flex-col gap-3'>
      <h2 className='sr-only'>Astra answered</h2>
      {groups.map((group, place) => {
        if (group.kind === 'text') {
          return (
            <Suspense
              key={place}
              fallback={<p className='whitespace-pre-wrap'>{group.text}</p>}
            >
              <Markdown
                text={group.text}
                streaming={live && place === groups.length - 1}
              />
            </Suspense>
          )
        }
        return (
          <CallStack
            key={place}
            parts={group.parts}
            {...{ message, tools, actions, live }}
            current={last && !live}
            speaksForItself={!live && text === ''}
          />
        )
      })}
    </div>
  )
}
