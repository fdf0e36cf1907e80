// Text as it was sent. Of a very long one only its beginning is drawn: the rest would hold up the page, and is saved
// to a file instead.
import { useState } from 'react'
import { Download } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { count, formatNumber } from '@/lib/format.ts'
import { Button } from '@/ui/button.tsx'
import { saveFile } from './save-file.ts'

/** About forty pages of a book. */
const page = 60_000
/** Drawn at all; whoever wants more has it in the file. */
const mostDrawn = 5 * page

type Props = { text: string; name: string; aligned?: boolean }

export function PlainText({ text, name, aligned }: Props) {
  const [shown, setShown] = useState(page)
  if (text === '') return <span className='text-muted'>(empty text)</span>
  const cut = text.length > shown
  return (
    <div>
      <div
        className={cx(
          'whitespace-pre-wrap',
          aligned && 'overflow-x-auto font-mono text-sm [overflow-wrap:normal] !whitespace-pre',
        )}
      >
        {cut ? wholeLines(text.slice(0, shown)) : text}
      </div>
      {text.length > page && (
        <div className='mt-2 flex flex-wrap items-center gap-2 text-sm text-muted'>
          {cut && (
            <p className='grow'>
              The first {formatNumber(shown)} of {count(text.length, 'character')}
            </p>
          )}
          {cut && shown < mostDrawn && (
            <Button onClick={() => setShown(shown + page)}>Show more</Button>
          )}
          <Button
            icon={<Download aria-hidden />}
            onClick={() => saveFile(`${name}.txt`, text, 'text/plain;charset=utf-8')}
          >
            Save the whole text
          </Button>
        </div>
      )}
    </div>
  )
}

/** Cut at the end of a line where one is near. */
function wholeLines(text: string): string {
  const end = text.lastIndexOf('\n')
  return end > text.length - 2_000 ? text.slice(0, end) : text
}
