// A state as an icon and a word, never as colour alone.
import type { ReactNode } from 'react'
import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  Info,
  LoaderCircle,
  TriangleAlert,
} from 'lucide-react'
import { cx } from '@/lib/classes.ts'

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'muted' | 'busy'

const icons = {
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
  info: Info,
  muted: CircleDashed,
  busy: LoaderCircle,
}
const colors: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  muted: 'text-muted',
  busy: 'text-info',
}
const softs: Record<Tone, string> = {
  ok: 'bg-ok-soft',
  warn: 'bg-warn-soft',
  bad: 'bg-bad-soft',
  info: 'bg-info-soft',
  muted: 'bg-surface',
  busy: 'bg-info-soft',
}

type Props = { tone: Tone; icon?: ReactNode; className?: string; children: ReactNode }

export function Status({ tone, icon, className, children }: Props) {
  const Icon = icons[tone]
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 text-sm whitespace-nowrap [&_svg]:size-4 [&_svg]:shrink-0',
        colors[tone],
        className,
      )}
    >
      {icon ?? (
        <Icon
          aria-hidden
          className={tone === 'busy' ? 'animate-spin motion-reduce:animate-none' : ''}
        />
      )}
      {children}
    </span>
  )
}

/** The same, boxed: for tables and headings. */
export function Badge({ className, ...rest }: Props) {
  return (
    <Status
      {...rest}
      className={cx(
        'rounded-tag px-1.5 py-0.5 !text-xs font-medium [&_svg]:!size-3.5',
        softs[rest.tone],
        className,
      )}
    />
  )
}
