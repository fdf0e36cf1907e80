// A server wants a person to open a page of someone else’s. The whole address is shown, the host first;
// nothing of it is a link, so nothing opens, or is fetched ahead, before the button is pressed.
import { useState } from 'react'
import { ExternalLink, TriangleAlert } from 'lucide-react'
import type { InputRequest } from '@shared/execution.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { Button } from '@/ui/button.tsx'
import { Fold } from '@/ui/content/fold.tsx'
import { AnswerNote, Refusals, ServerWords, useAnswering } from './answers.tsx'
import { type ForeignPage, foreignPage } from './foreign-page.ts'

type Props = {
  asked: Extract<InputRequest, { mode: 'url' }>
  serverUrl: string | null
  answer: Waiting['answer']
}

export function UrlQuestion({ asked, serverUrl, answer }: Props) {
  const [opened, setOpened] = useState(false)
  const page = foreignPage(asked.url, serverUrl)
  const { disabled, sends } = useAnswering(answer)
  const open = () => {
    window.open(page.href!, '_blank', 'noopener,noreferrer')
    setOpened(true)
  }
  return (
    <>
      <ServerWords text={asked.message} />
      <Address page={page} />
      <Warning page={page} serverName={asked.server_name} />
      {opened && (
        <p role='status' className='mt-3 text-sm'>
          It opened in a new tab. When you are done there, come back and say so.
        </p>
      )}
      <div className='mt-4 flex flex-wrap items-center gap-2'>
        {page.href && (
          <Button
            look={opened ? 'secondary' : 'primary'}
            icon={<ExternalLink aria-hidden />}
            onClick={open}
            className='min-w-0 !shrink'
          >
            <span className='truncate'>{opened ? 'Open again' : `Open ${page.host}`}</span>
          </Button>
        )}
        {page.href && (
          <Button
            look={opened ? 'primary' : 'secondary'}
            busy={sends('accept')}
            disabled={disabled}
            onClick={() => answer.mutate({ answer: 'accept' })}
          >
            I’m done
          </Button>
        )}
        <Refusals answer={answer} />
      </div>
      <AnswerNote error={answer.error} />
    </>
  )
}

function Address({ page }: { page: ForeignPage }) {
  return (
    <Fold className='mt-3 rounded-control bg-surface px-3 py-2'>
      <p className='font-mono text-sm [overflow-wrap:anywhere] text-muted'>
        {page.before}
        <strong className='text-base font-semibold text-text'>{page.host}</strong>
        {page.after}
      </p>
    </Fold>
  )
}

function Warning({ page, serverName }: { page: ForeignPage; serverName: string }) {
  const sentence = warningOf(page, serverName)
  if (!sentence) return null
  return (
    <p className='mt-2 flex items-start gap-1.5 rounded-control bg-warn-soft px-3 py-2 text-sm'>
      <TriangleAlert aria-hidden className='mt-0.5 size-4 shrink-0 text-warn' />
      <span>{sentence}</span>
    </p>
  )
}

function warningOf(page: ForeignPage, serverName: string): string | null {
  if (!page.href) return 'This is not the address of a web page, so Astra does not open it.'
  const parts = [
    page.elsewhere && `${page.host} is not the address of ${serverName} itself. Open it only if ` +
      'you expected to be sent there.',
    page.unprotected && 'The connection to it is not encrypted.',
  ]
  return parts.filter(Boolean).join(' ') || null
}
