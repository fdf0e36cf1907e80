// One picture over everything else: as large as the screen, or as large as it is.
import { useState } from 'react'
import { Maximize, Shrink, X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { cx } from '@/lib/classes.ts'
import { IconButton } from '@/ui/icon-button.tsx'
import { LayerProvider } from '@/ui/layer.tsx'
import { useReturnFocus } from '@/ui/return-focus.tsx'
import { type PictureProps, SaveLink } from './media.tsx'

export function LargePicture(
  { source, alt, fileName, onClose }: PictureProps & { onClose: () => void },
) {
  const { note, onCloseAutoFocus } = useReturnFocus()
  const [content, setContent] = useState<HTMLElement | null>(null)
  const [whole, setWhole] = useState(true)
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Content
          ref={setContent}
          aria-describedby={undefined}
          onCloseAutoFocus={onCloseAutoFocus}
          className='fixed inset-0 z-40 flex animate-appear flex-col bg-bg pt-(--safe-top) pb-(--safe-bottom)'
        >
          {note}
          <LayerProvider value={content}>
            <header className='flex items-center gap-2 border-b border-line px-4 py-1'>
              <Dialog.Title className='min-w-0 grow truncate text-sm font-medium'>
                {alt}
              </Dialog.Title>
              <SaveLink source={source} fileName={fileName} />
              <IconButton
                label={whole ? 'Show in its own size' : 'Fit to the screen'}
                icon={whole ? <Maximize aria-hidden /> : <Shrink aria-hidden />}
                onClick={() => setWhole(!whole)}
              />
              <Dialog.Close asChild>
                <IconButton label='Close' icon={<X aria-hidden />} />
              </Dialog.Close>
            </header>
            <div
              tabIndex={0}
              role='group'
              aria-label='Picture'
              className='flex min-h-0 grow overflow-auto overscroll-contain p-2 -outline-offset-2'
            >
              <img
                src={source}
                alt={alt}
                className={cx(
                  'm-auto',
                  whole ? 'size-full object-contain' : 'max-w-none',
                )}
              />
            </div>
          </LayerProvider>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
