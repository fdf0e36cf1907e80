// What can be done with a message: seen when a mouse is near, and always where there is none. Keys reach it anyway.
import type { ReactNode } from 'react'
import { cx } from '@/lib/classes.ts'
import { CopyButton } from '@/ui/copy-button.tsx'

type Props = {
  /** What is copied; nothing can be where it is empty. */
  text: string
  copyLabel: string
  /** Shown without a mouse near it: it belongs to the newest message. */
  shown: boolean
  align: 'start' | 'end'
  children?: ReactNode
}

export function MessageActions({ text, copyLabel, shown, align, children }: Props) {
  return (
    <div
      className={cx(
        'flex min-h-control flex-wrap items-center [&_svg]:!size-4',
        align === 'end' ? '-mr-1 justify-end' : '[&>button:first-child]:-ml-2.5',
        !shown &&
          'transition-opacity pointer-fine:opacity-0 pointer-fine:group-focus-within/message:opacity-100 pointer-fine:group-hover/message:opacity-100',
      )}
    >
      {text !== '' && <CopyButton text={() => text} label={copyLabel} />}
      {children}
    </div>
  )
}
