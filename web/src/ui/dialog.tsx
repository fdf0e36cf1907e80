// A modal question in the middle of the screen; at the bottom edge on a phone, where the thumb is.
import { type ReactNode, useState } from 'react'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { cx } from '@/lib/classes.ts'
import { Button } from './button.tsx'
import { LayerProvider } from './layer.tsx'
import { useReturnFocus } from './return-focus.tsx'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  /** Buttons, right-aligned, the primary one last. */
  footer?: ReactNode
  wide?: boolean
  /** Only to be read: it takes the focus itself, so that keys can scroll it. */
  reading?: boolean
  children?: ReactNode
}

export function Dialog(props: Props) {
  const { open, onOpenChange, title, description, footer, wide, reading, children } = props
  const { note, onCloseAutoFocus } = useReturnFocus()
  const [content, setContent] = useState<HTMLElement | null>(null)
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className='fixed inset-0 z-40 animate-appear bg-veil' />
        <Radix.Content
          ref={setContent}
          onCloseAutoFocus={onCloseAutoFocus}
          aria-describedby={description ? undefined : ''}
          className={cx(
            'fixed z-40 flex max-h-[calc(var(--app-height)-2rem)] flex-col border border-line bg-raised shadow-float animate-rise',
            'inset-x-0 bottom-0 rounded-t-card pb-(--safe-bottom)',
            'sm:inset-auto sm:top-1/2 sm:left-1/2 sm:w-[calc(100%-2rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-card sm:pb-0',
            wide ? 'sm:max-w-2xl' : 'sm:max-w-md',
          )}
        >
          {note}
          <header className='flex items-start gap-2 px-4 pt-4 sm:px-6 sm:pt-5'>
            <div className='min-w-0 grow'>
              <Radix.Title className='text-base font-semibold'>{title}</Radix.Title>
              {description && (
                <Radix.Description className='mt-1 text-sm text-muted'>
                  {description}
                </Radix.Description>
              )}
            </div>
            <Radix.Close
              aria-label='Close'
              className='-mt-2 -mr-2 inline-flex size-control shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover'
            >
              <X aria-hidden className='size-[18px]' />
            </Radix.Close>
          </header>
          <div
            {...(reading && { tabIndex: 0, role: 'group', 'aria-label': 'Details' })}
            className='min-h-0 grow overflow-y-auto overscroll-contain px-4 py-4 -outline-offset-2 sm:px-6'
          >
            <LayerProvider value={content}>{children}</LayerProvider>
          </div>
          {footer && (
            <footer className='flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3 sm:px-6'>
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

type ConfirmProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** What will happen, in a sentence. */
  children: ReactNode
  confirmLabel: string
  danger?: boolean
  busy?: boolean
  onConfirm: () => void
}

/** Asks before something that cannot be undone. Says what will happen, and the button names it. */
export function ConfirmDialog(props: ConfirmProps) {
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={props.title}
      footer={
        <>
          <Button onClick={() => props.onOpenChange(false)}>Cancel</Button>
          <Button
            look={props.danger ? 'danger' : 'primary'}
            busy={props.busy}
            onClick={props.onConfirm}
          >
            {props.confirmLabel}
          </Button>
        </>
      }
    >
      <div className='text-sm'>{props.children}</div>
    </Dialog>
  )
}
