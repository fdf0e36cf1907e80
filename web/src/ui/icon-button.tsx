// A button that shows only an icon. Its label is required: it is the accessible name and the tooltip.
import type { ComponentProps, ReactNode } from 'react'
import { cx } from '@/lib/classes.ts'
import { Tooltip } from './tooltip.tsx'

type Props = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & {
  label: string
  icon: ReactNode
  tooltip?: boolean
}

export function IconButton({ label, icon, tooltip = true, className, ...rest }: Props) {
  const button = (
    <button
      type='button'
      {...rest}
      aria-label={label}
      className={cx(
        'inline-flex size-control shrink-0 items-center justify-center rounded-control text-muted',
        'transition-colors hover:bg-hover hover:text-text active:bg-press disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-[18px]',
        className,
      )}
    >
      {icon}
    </button>
  )
  return tooltip ? <Tooltip text={label}>{button}</Tooltip> : button
}
