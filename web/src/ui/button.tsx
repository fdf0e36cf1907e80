// Buttons: one primary per screen, the rest secondary or quiet. A busy button keeps its width and cannot be pressed twice.
import type { ComponentProps, ReactNode } from 'react'
import { Slot } from 'radix-ui'
import { cx } from '@/lib/classes.ts'
import { Spinner } from './spinner.tsx'

const looks = {
  primary: 'bg-accent text-on-accent hover:opacity-90 active:opacity-80',
  secondary: 'bg-raised border border-edge text-text hover:bg-surface active:bg-press',
  quiet: 'text-text hover:bg-hover active:bg-press',
  danger: 'bg-bad text-on-bad hover:opacity-90 active:opacity-80',
} as const

type Props = ComponentProps<'button'> & {
  look?: keyof typeof looks
  busy?: boolean
  icon?: ReactNode
}

export function Button({ look = 'secondary', busy, icon, className, children, ...rest }: Props) {
  return (
    <button
      type='button'
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass(look), className)}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  )
}

/** A link that looks like a button: wrap the router’s `<Link>` in it. */
export function ButtonLink(
  { look = 'secondary', className, children }: {
    look?: keyof typeof looks
    className?: string
    children: ReactNode
  },
) {
  return <Slot.Root className={cx(buttonClass(look), className)}>{children}</Slot.Root>
}

function buttonClass(look: keyof typeof looks): string {
  return cx(
    'inline-flex h-control shrink-0 items-center justify-center gap-2 rounded-control px-4 text-sm font-medium whitespace-nowrap',
    'transition-[background-color,opacity] select-none disabled:cursor-not-allowed disabled:opacity-50',
    '[&_svg]:size-4 [&_svg]:shrink-0',
    looks[look],
  )
}
