// A panel from the side: the chat list on a phone, details on a desktop.
import { type ReactNode, useState } from 'react'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { cx } from '@/lib/classes.ts'
import { LayerProvider } from './layer.tsx'
import { useReturnFocus } from './return-focus.tsx'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  hideTitle?: boolean
  side?: 'left' | 'right'
  children: ReactNode
}

export function Sheet({ open, onOpenChange, title, hideTitle, side = 'right', children }: Props) {
  const { note, onCloseAutoFocus } = useReturnFocus()
  const [content, setContent] = useState<HTMLElement | null>(null)
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className='fixed inset-0 z-40 animate-appear bg-veil' />
        <Radix.Content
          ref={setContent}
          onCloseAutoFocus={onCloseAutoFocus}
          aria-describedby={undefined}
          className={cx(
            'fixed inset-y-0 z-40 flex w-[min(88vw,26rem)] flex-col bg-bg pt-(--safe-top) pb-(--safe-bottom) shadow-float',
            side === 'left'
              ? 'left-0 animate-from-left border-r border-line pl-(--safe-left)'
              : 'right-0 animate-from-right border-l border-line pr-(--safe-right)',
          )}
        >
          {note}
          <header className={cx('flex items-center gap-2 py-2 pr-2 pl-4', hideTitle && 'sr-only')}>
            <Radix.Title className='min-w-0 grow truncate text-base font-semibold'>
              {title}
            </Radix.Title>
            <Radix.Close
              aria-label='Close'
              className='inline-flex size-control shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover'
            >
              <X aria-hidden className='size-[18px]' />
            </Radix.Close>
          </header>
          <div className='relative min-h-0 grow overflow-y-auto overscroll-contain'>
            <LayerProvider value={content}>{children}</LayerProvider>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
