// The frame of everything that waits for a person: raised, with an edge, what is wanted, and a way to call it off.
import { type KeyboardEvent, type ReactNode, useId } from 'react'
import { LoaderCircle, X } from 'lucide-react'
import { IconButton } from '@/ui/icon-button.tsx'

type Props = {
  icon: ReactNode
  title: ReactNode
  /** Its place among the page's headings. */
  heading: 'h2' | 'h3'
  /** What the call is, in a line under the title. */
  about?: ReactNode
  /** Left out where saying no is an answer, or where the call is someone else's. */
  cancel?: { run: () => void; busy: boolean }
  /** Keys pressed while the focus is within. */
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void
  children: ReactNode
}

export function WaitingFrame(props: Props) {
  const { icon, title, heading: Heading, about, cancel, onKeyDown, children } = props
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      tabIndex={onKeyDown && -1}
      onKeyDown={onKeyDown}
      className='rounded-[inherit] border-l-[3px] border-accent bg-raised py-3 pr-2 pl-4 -outline-offset-2'
    >
      <header className='flex items-start gap-2'>
        <span className='mt-1 text-accent [&_svg]:size-4'>{icon}</span>
        <div className='min-w-0 grow pt-px'>
          <Heading id={id} className='text-base font-medium'>{title}</Heading>
          {about && <p className='text-sm text-muted'>{about}</p>}
        </div>
        {cancel && (
          <IconButton
            label='Cancel this call'
            icon={cancel.busy
              ? <LoaderCircle aria-hidden className='animate-spin motion-reduce:animate-none' />
              : <X aria-hidden />}
            disabled={cancel.busy}
            onClick={cancel.run}
            className='-mt-2'
          />
        )}
      </header>
      <div className='mt-2 pr-2 pb-1'>{children}</div>
    </section>
  )
}
