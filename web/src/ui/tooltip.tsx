// A few words about a control, on hover and on focus. Never the only place something is said.
import type { ReactElement } from 'react'
import { Tooltip as Radix } from 'radix-ui'
import { useLayer } from './layer.tsx'

export const TooltipProvider = Radix.Provider

export function Tooltip({ text, children }: { text: string; children: ReactElement }) {
  const container = useLayer()
  return (
    <Radix.Root delayDuration={500}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal container={container}>
        <Radix.Content
          sideOffset={6}
          collisionPadding={8}
          className='z-50 max-w-xs animate-appear rounded-control bg-text px-2 py-1 text-xs text-bg'
        >
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
