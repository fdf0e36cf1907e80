// A small panel beside what it belongs to, closed by Escape or by a click elsewhere. On a phone use a sheet.
import type { ReactNode, RefObject } from 'react'
import { Popover as Radix } from 'radix-ui'
import { useLayer } from './layer.tsx'

type Props = {
  /** Around the button that it stands beside, and that gets the focus back. */
  anchor: RefObject<HTMLElement | null>
  title: string
  side?: 'right' | 'bottom'
  align?: 'start' | 'end'
  onClose: () => void
  children: ReactNode
}

/** Open as long as it is drawn. */
export function Popover({ anchor, title, side, align, onClose, children }: Props) {
  const container = useLayer()
  return (
    <Radix.Root open onOpenChange={(open) => open || onClose()}>
      <Radix.Anchor virtualRef={anchor} />
      <Radix.Portal container={container}>
        <Radix.Content
          side={side}
          align={align}
          sideOffset={8}
          collisionPadding={8}
          aria-label={title}
          onInteractOutside={(event) => {
            // Its button closes it by itself.
            if (anchor.current?.contains(event.target as Node)) event.preventDefault()
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            anchor.current?.querySelector<HTMLElement>('button')?.focus()
          }}
          className='z-40 flex max-h-[min(36rem,var(--radix-popover-content-available-height))] w-96 animate-appear flex-col rounded-card border border-line bg-raised shadow-float'
        >
          <h2 className='border-b border-line px-4 py-3 text-base font-semibold'>{title}</h2>
          <div className='min-h-0 grow overflow-y-auto overscroll-contain'>{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
